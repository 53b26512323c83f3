# What a signed-in person may do with the own account: tokens and password. test_sessions.sh sources this.
# shellcheck shell=bash disable=SC2034,SC2154,SC2016 # variables are shared; eval gets its text unexpanded
# --- Tokens.
sign_in boris boris@a.test "$boris"
as=boris
t 'a token' POST $V/me/tokens '{"name":"ci <b>&\u202e 😀"}' 201 '.name == "ci <b>&\u202e 😀" and (.token | test("^storeward_pat_[A-Za-z0-9]{38}$")) and keys_unsorted == ["id", "name", "token", "expires_at"]'
check '... is not kept by anybody' [ "$(header cache-control)" = no-store ]
made=$(jq -r .token "$work/body") made_id=$(jq -r .id "$work/body")
check '... lasts 90 days' is "$(sql "select expires_at - created_at from storeward.api_token where id = '$made_id'")" '90 days'
t '... is listed without its value' GET $V/me/tokens '' 200 '[.[] | .name] == ["ci <b>&\u202e 😀"] and (.[0] | keys_unsorted) == ["id","name","created_at","expires_at","revoked_at","last_used_at"]'
check '... is in the audit log' is "$(sql "select count(*) from storeward.audit_log where action = 'create_api_token' and actor = 'user:boris@a.test' and resource_id = '$made_id'")" 1
as=$made
t '... opens the API' GET $V/me '' 200 '.user.email == "boris@a.test" and .role == "operator" and .session == null and [.tenants[].name] == ["a"]'
t '... and stores' GET $V/stores '' 200
for row in "PATCH $V/session {\"tenant\":\"a\"}" "DELETE $V/session" "POST $V/me/tokens {\"name\":\"x\"}" "GET $V/me/tokens" "DELETE $V/me/tokens/$made_id" "GET $V/me/sessions" "POST $V/me/password {}"; do
	read -r method path body <<< "$row"
	t "... but not $method ${path#"$V"}" "$method" "$path" "$body" 403 '.code == "session_only"'
done
for body in '{}' '{"name":""}' '{"name":null}' "{\"name\":\"$(printf 'x%.0s' {1..101})\"}"; do as=boris; t "name ${body:0:20}" POST $V/me/tokens "$body" 422 '.errors[0].pointer == "/name"'; done
for days in 0 -1 366 1.5 '"7"' 99999999999; do t "for $days days" POST $V/me/tokens "{\"name\":\"x\",\"expires_in_days\":$days}" 422 '.errors[0].pointer == "/expires_in_days"'; done
t 'a year' POST $V/me/tokens '{"name":"year","expires_in_days":365}' 201
year=$(jq -r .token "$work/body")
# What is one's own has a limit of its own: who has used it up holds up nobody's stores.
used_up() { sql "update storeward.rate_limit set used = 120, window_start = now() where bucket = 'own'"; }
sql 'delete from storeward.rate_limit'
t 'work for the same tenant' PATCH $V/session '{"tenant":"a"}' 200
check '... counts once' is "$(sql "select string_agg(bucket || used, ' ') from storeward.rate_limit") $(header ratelimit | cut -d';' -f1,2)" 'own1 "own";r=119'
used_up
t 'too many tokens a minute' POST $V/me/tokens '{"name":"x"}' 429 '.code == "rate_limited"'
t 'too many changes of tenant' PATCH $V/session '{"tenant":"a"}' 429 '.code == "rate_limited"'
t 'too many new passwords' POST $V/me/password '{"current":"x","password":"a long one, this"}' 429 '.code == "rate_limited"'
t '... while stores can be changed' DELETE $V/stores/$nobody '' 404 '.code == "store_not_found"'
sql 'delete from storeward.rate_limit'
sql "insert into storeward.api_token (tenant_id, user_id, name, hash, created_at, revoked_at)
	select t.id, u.id, 'many', sha256(n::text::bytea), now() - interval '1 hour', case when n > 98 then now() end
	from generate_series(1, 300) n, storeward.app_user u, storeward.tenant t where u.email = 'boris@a.test' and t.name = 'a'"
t 'more than a hundred good tokens' POST $V/me/tokens '{"name":"x"}' 409 '.code == "too_many_tokens"'
t '... all of which are listed first' GET $V/me/tokens '' 200 'length == 200 and ([.[0:100][] | .revoked_at] | all(. == null)) and ([.[100:][] | .revoked_at] | all(. != null))'
sql "delete from storeward.api_token where name = 'many'"
as=anna
t "another person's token" DELETE $V/me/tokens/"$made_id" '' 404 '.code == "token_not_found"'
as=boris
t 'revoke' DELETE $V/me/tokens/"$made_id" '' 204 -
t '... once' DELETE $V/me/tokens/"$made_id" '' 404
t '... and see it' GET $V/me/tokens '' 200 '[.[] | [.name, .revoked_at != null]] == [["year", false], ["ci <b>&\u202e 😀", true]]'
as=$made
t '... it opens nothing' GET $V/me '' 401 '.code == "token_invalid"'
sql "update storeward.api_token set expires_at = now() where name = 'year'"
as=$year
t 'an expired token' GET $V/me '' 401 '.code == "token_invalid"'

# --- One's password.
hash_of() { sql "select password_hash from storeward.app_user where email = '$1'"; }
forget
sign_in boris2 boris@a.test "$boris"
as=boris
before=$(hash_of boris@a.test)
change() { jq -nc --arg c "$1" --arg p "$2" '{current: $c, password: $p}'; }
while IFS= read -r weak; do
	t "too weak: ${weak:0:24}" POST $V/me/password "$(change "$boris" "$weak")" 422 '[.errors[].pointer] == ["/password"]'
done <<-EOF
	ääääöööößßß
	short-of-12
	$(printf 'ü%.0s' {1..129})
	aaaaaaaaaaaaaaaa
	ößößößößößößöß
	PasswordPassword
	123456789012
	boris@a.test
	BORIS@A.test
EOF
t 'the present one is wrong' POST $V/me/password "$(change 'not it' "$secret_new")" 422 '.errors == [{pointer: "/current", detail: "is wrong"}]'
guesses() { for _ in {1..12}; do call POST "$V"/me/password "$(change 'not it' "$secret_new")"; [ "$status" = 422 ] || break; done; is "$status $(jq -r .code "$work/body")" '429 sign_in_delayed' && [ "$(header retry-after)" -ge 1 ]; }
check 'a stolen session does not guess it: the waits are the same' guesses
check 'nothing has changed' is "$(hash_of boris@a.test)" "$before"
forget
check 'the other session lives still' eval 'as=boris2; call GET $V/me ""; is "$status" 200'
as=boris
t 'a new password' POST $V/me/password "$(change "$boris" "$secret_new")" 204 -
t '... this session goes on' GET $V/me '' 200
t '... alone' GET $V/me/sessions '' 200 'length == 1 and .[0].current'
as=boris2
t '... the other is ended' GET $V/me '' 401 '.code == "session_ended"'
check 'the old password is none' eval '! sign_in x boris@a.test "$boris" && is "$status" 401'
check 'the new one is' sign_in boris2 boris@a.test "$secret_new"
check 'it is in the audit log, without the hash' is "$(sql "select count(*) from storeward.audit_log where action = 'user.change_password' and actor = 'user:boris@a.test' and details = '{}'")" 1
twelve='äöüßéèêëñçåø'
as=boris
t 'twelve characters are twelve, in any script' POST $V/me/password "$(change "$secret_new" "$twelve")" 204 -
check 'and sign in' eval 'sign_in boris2 boris@a.test "$twelve"; is "$status" 201'
check 'an operator sets a password by the command line' person boris@a.test "$boris"
for as in boris boris2; do t '... which ends all sessions' GET $V/me '' 401 '.code == "session_ended"'; done
check '... and the same again ends none' eval 'sign_in boris boris@a.test "$boris" && person boris@a.test "$boris" && as=boris && call GET $V/me "" && is "$status" 200'

# --- Signing in while the password is being changed.
changing() {	# changing rollback|commit: in the background, under way when it returns
	psql_as postgres -c 'begin' -c "update storeward.app_user set password_hash = 'scrypt\$other' where email = 'boris@a.test'" \
		-c 'select pg_sleep(3)' -c "$1" > /dev/null &
	pids[change]=$!
	sleep 1
}
changing rollback
check 'waits for it' eval 'sign_in late boris@a.test "$boris"; is "$status" 201'
wait "${pids[change]}"
check '... and comes in when nothing came of it' eval 'as=late; call GET $V/me ""; is "$status" 200'
changing commit
check '... and is refused when it was' eval '! sign_in late boris@a.test "$boris"; is "$status $(jq -r .code "$work/body")" "401 credentials_wrong"'
wait "${pids[change]}"
unset 'pids[change]'
check '... no session is left' is "$(sql "select count(*) from storeward.session s join storeward.app_user u on u.id = s.user_id where email = 'boris@a.test'")" 0
person boris@a.test "$boris"
sign_in boris boris@a.test "$boris"
