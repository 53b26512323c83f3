#!/bin/sh
# Copies WordPress into an empty /var/www/html, then runs Apache, or the given command.
# version.php comes last: a copy that was cut short is done again.
set -eu
cd /var/www/html
version=wp-includes/version.php
if [ ! -e $version ]; then
	# ./* and not the folder itself, whose mode a volume may not let us change.
	(cd /usr/src/wordpress && tar --exclude=./$version -cf - ./*) | tar -xf - --no-same-owner
	cp /usr/src/wordpress/$version $version.new
	mv $version.new $version
fi
case ${1-apache2} in
apache2|apache2-foreground) ;;
*)	exec "$@" ;;
esac
run=/tmp/apache2
mkdir -p $run
rm -f $run/apache2.pid
export APACHE_RUN_USER=www-data APACHE_RUN_GROUP=www-data APACHE_LOG_DIR=$run
export APACHE_RUN_DIR=$run APACHE_LOCK_DIR=$run APACHE_PID_FILE=$run/apache2.pid
exec apache2 -DFOREGROUND
