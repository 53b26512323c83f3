#!/usr/bin/python3
"""engine_files.py STOREWARD: engine.yaml, good and bad, given to `storeward engines lint` and to engine.schema.json.
Both must say the same, but for what a schema cannot know; lint must name the file and the member.
"""
import copy
import json
import pathlib
import re
import subprocess
import sys
import tempfile

import jsonschema
import yaml

ENGINES = pathlib.Path(__file__).resolve().parents[2] / "charts/store-engines"
SCHEMA = json.loads((ENGINES / "engine.schema.json").read_text())
GOOD = {
    "name": "tiny", "version": "1.0.0", "title": "Tiny", "defaultPlan": "small", "podSecurity": "restricted",
    "plans": {"small": {"title": "Small", "values": {"storage": "1Gi"}},
              "big": {"title": "Big", "description": "More", "values": {"storage": "1Gi", "threads": 4}}},
    "credentials": [{"key": "admin-user", "value": "admin", "title": "User name"}, {"key": "admin-password", "generate": 24}],
    "workloads": [{"kind": "StatefulSet", "name": "shop"}],
    "setup": {"job": "setup"}, "probe": {"cronJob": "probe"}, "paths": {"storefront": "/", "admin": "/admin"},
}
GONE = object()
# Conditions that the reconciler sets itself, as its sources have them.
OWN = sorted({t for f in (ENGINES.parents[1] / "reconcile").glob("*.c")
              for t in re.findall(r'(?:\.type = |status_set\(w, s, )"([A-Z][A-Za-z0-9]*)"', f.read_text())})
LONG = "x" * 101

# What differs from GOOD, by the path of a member. The pointer is what lint must name; None: both accept it.
# LINT_ONLY are rules between members, which the schema does not know.
CASES = [
    ("good", {}, None),
    ("credentials left out", {"credentials": GONE}, None),
    ("credentials left empty", {"credentials": None}, None),
    ("description left empty", {"description": None}, None),
    ("a plan without values", {"plans/small": {"title": "Small"}, "plans/big/values/storage": GONE}, None),
    ("backup, restore, quiesce, clone and upgrades", {
        "backup": {"cronJob": "backup"}, "restore": {"cronJob": "restore"}, "clone": {"cronJob": "clone"},
        "quiesce": {"cronJob": "quiesce", "maxSeconds": 60},
        "upgrades": [{"from": "0.9.0", "backup": True}, {"from": "0.8.0"}]}, None),
    ("an empty password", {"credentials": [{"key": "none", "value": ""}]}, None),
    ("value left empty beside generate", {"credentials": [{"key": "a", "value": None, "generate": 8}]}, None),
    ("128 random characters", {"credentials": [{"key": "a", "generate": 128}]}, None),
    ("no credentials at all", {"credentials": []}, None),
    ("32 plans", {"plans": {f"p{i}": {"title": "P"} for i in range(32)}, "defaultPlan": "p7"}, None),
    ("a password that can be changed, and one that cannot", {"credentials": [{"key": "a", "generate": 8, "rotate": True}, {"key": "b", "generate": 8, "rotate": False}]}, None),
    ("a fixed value that is said not to change", {"credentials/0/rotate": False}, None),
    ("first and last position", {"position": 1}, None),
    ("last position", {"position": 1000}, None),
    ("eight conditions", {"probe/conditions": [f"Condition{i}" for i in range(8)]}, None),
    ("conditions left empty", {"probe/conditions": None}, None),
    ("no conditions at all", {"probe/conditions": []}, None),
    ("condition of one letter", {"probe/conditions": ["A"]}, None),
    ("title of 100 characters that are not ASCII", {"title": "\u00e9" * 100}, None),

    *[(f"{m} is missing", {m: GONE}, f"/{m}") for m in SCHEMA["required"]],
    *[(f"{m} is null", {m: None}, f"/{m}") for m in SCHEMA["required"]],
    *[(f"{m} is a number", {m: 3}, f"/{m}") for m in SCHEMA["properties"] if m != "position"],
    *[(f"{m} is a list of a list", {m: [[]]}, f"/{m}") for m in SCHEMA["properties"]],
    ("unknown member", {"colour": "red"}, "/colour"),
    ("member in other case", {"Name": "tiny"}, "/Name"),
    ("unknown member of a plan", {"plans/small/cost": 3}, "/plans/small/cost"),
    ("unknown member of a credential", {"credentials/0/name": "x"}, "/credentials/0/name"),
    ("unknown member of a workload", {"workloads/0/replicas": 2}, "/workloads/0/replicas"),
    ("unknown member of setup", {"setup/cronJob": "x"}, "/setup/cronJob"),
    ("unknown member of probe", {"probe/job": "x"}, "/probe/job"),
    ("unknown member of paths", {"paths/api": "/"}, "/paths/api"),
    ("unknown member of quiesce", {"quiesce": {"cronJob": "q", "maxSeconds": 5, "job": "x"}}, "/quiesce/job"),
    ("unknown member of an upgrade", {"upgrades": [{"from": "0.9.0", "to": "1.0.0"}]}, "/upgrades/0/to"),
    ("name in capitals", {"name": "Tiny"}, "/name"),
    ("name with a dot", {"name": "tiny.shop"}, "/name"),
    ("name ends in -", {"name": "tiny-"}, "/name"),
    ("name of 64 characters", {"name": "x" * 64}, "/name"),
    ("name is empty", {"name": ""}, "/name"),
    ("title is empty", {"title": ""}, "/title"),
    ("title of 101 characters", {"title": LONG}, "/title"),
    ("description of 1001 characters", {"description": "x" * 1001}, "/description"),
    ("version is empty", {"version": ""}, "/version"),
    ("podSecurity privileged", {"podSecurity": "privileged"}, "/podSecurity"),
    ("no plans", {"plans": {}}, "/plans"),
    ("33 plans", {"plans": {f"p{i}": {"title": "P"} for i in range(33)}, "defaultPlan": "p7"}, "/plans"),
    ("plan is a word", {"plans/small": "small"}, "/plans/small"),
    ("plan without a title", {"plans/small/title": GONE}, "/plans/small/title"),
    ("plan's values are a list", {"plans/small/values": [1]}, "/plans/small/values"),
    ("plan's name is no label", {"plans/Very Big": {"title": "Big", "values": {"storage": "1Gi"}}}, "/plans/Very Big"),
    ("credential is a word", {"credentials/0": "admin"}, "/credentials/0"),
    ("credential without a key", {"credentials/0/key": GONE}, "/credentials/0/key"),
    ("credential's key in capitals", {"credentials/0/key": "ADMIN"}, "/credentials/0/key"),
    ("credential's key is empty", {"credentials/0/key": ""}, "/credentials/0/key"),
    ("credential with neither value nor generate", {"credentials/0/value": GONE}, "/credentials/0"),
    ("credential with both value and generate", {"credentials/0/generate": 20}, "/credentials/0"),
    ("credential of 7 characters", {"credentials/1/generate": 7}, "/credentials/1/generate"),
    ("credential of 129 characters", {"credentials/1/generate": 129}, "/credentials/1/generate"),
    ("credential's generate is a word", {"credentials/1/generate": "24"}, "/credentials/1/generate"),
    ("credential's value is a number", {"credentials/0/value": 5}, "/credentials/0/value"),
    ("credential's title is empty", {"credentials/0/title": ""}, "/credentials/0/title"),
    ("a fixed value that is to change", {"credentials/0/rotate": True}, "/credentials/0/rotate"),
    ("rotate is a word", {"credentials/1/rotate": "yes"}, "/credentials/1/rotate"),
    ("position 0", {"position": 0}, "/position"),
    ("position 1001", {"position": 1001}, "/position"),
    ("position is a word", {"position": "first"}, "/position"),
    ("nine conditions", {"probe/conditions": [f"Condition{i}" for i in range(9)]}, "/probe/conditions"),
    ("conditions are a word", {"probe/conditions": "OnTime"}, "/probe/conditions"),
    ("condition begins small", {"probe/conditions": ["onTime"]}, "/probe/conditions/0"),
    ("condition with a space", {"probe/conditions": ["OnTime", "On Time"]}, "/probe/conditions/1"),
    ("condition of 64 characters", {"probe/conditions": ["X" * 64]}, "/probe/conditions/0"),
    ("condition is empty", {"probe/conditions": [""]}, "/probe/conditions/0"),
    ("condition is a number", {"probe/conditions": [3]}, "/probe/conditions/0"),
    ("condition is null", {"probe/conditions": [None]}, "/probe/conditions/0"),
    ("the same condition twice", {"probe/conditions": ["OnTime", "OnTime"]}, "/probe/conditions/1"),
    ("conditions of the backup", {"backup": {"cronJob": "backup", "conditions": ["OnTime"]}}, "/backup/conditions"),
    *[(f"condition {own}, which is Storeward's own", {"probe/conditions": [own]}, "/probe/conditions/0") for own in OWN],
    ("no workloads", {"workloads": []}, "/workloads"),
    ("workload is a Pod", {"workloads/0/kind": "Pod"}, "/workloads/0/kind"),
    ("workload without a name", {"workloads/0/name": GONE}, "/workloads/0/name"),
    ("workload's name is no label", {"workloads/0/name": "my_shop"}, "/workloads/0/name"),
    ("setup without a job", {"setup": {}}, "/setup/job"),
    ("setup's job is no label", {"setup/job": "Set Up"}, "/setup/job"),
    ("probe's cronJob is no label", {"probe/cronJob": "-probe"}, "/probe/cronJob"),
    ("storefront without /", {"paths/storefront": "shop"}, "/paths/storefront"),
    ("admin is missing", {"paths/admin": GONE}, "/paths/admin"),
    ("admin of 201 characters", {"paths/admin": "/" + "x" * 200}, "/paths/admin"),
    ("quiesce without an end", {"quiesce": {"cronJob": "quiesce"}}, "/quiesce/maxSeconds"),
    ("quiesce for ever", {"quiesce": {"cronJob": "quiesce", "maxSeconds": 0}}, "/quiesce/maxSeconds"),
    ("backup is a word", {"backup": "backup"}, "/backup"),
    ("upgrade without a version", {"upgrades": [{"backup": True}]}, "/upgrades/0/from"),
    ("upgrade's backup is a word", {"upgrades": [{"from": "0.9.0", "backup": "yes"}]}, "/upgrades/0/backup"),
]
LINT_ONLY = [
    ("default plan that is none", {"defaultPlan": "huge"}, "/defaultPlan"),
    ("another version than Chart.yaml's", {"version": "1.0.1"}, "/version"),
    ("plans with other storage", {"plans/big/values/storage": "2Gi"}, "/plans/big/values/storage"),
    ("a key twice", {"credentials/1/key": "admin-user"}, "/credentials/1"),
    ("an upgrade from itself", {"upgrades": [{"from": "1.0.0"}]}, "/upgrades/0"),
    ("the same upgrade twice", {"upgrades": [{"from": "0.9.0"}, {"from": "0.9.0"}]}, "/upgrades/1"),
    ("another name than the folder's", {"name": "huge"}, "name huge is not the folder's"),
]
# Not to be had from a parsed document: the text, and what lint must say of it.
TEXTS = [
    ("a member twice", "title: Other\n", 'the key "title" appears twice'),
    ("a member of a plan twice", "plans2: {a: {title: A, title: B}}\n", 'the key "title" appears twice'),
    ("no YAML", "title: [\n", "line"),
    ("an anchor", "extra: &a {b: c}\n", "line"),
    ("two documents", "---\nname: other\n", "line"),
]


def changed(changes, base=None):
    document = copy.deepcopy(base or GOOD)
    for path, value in changes.items():
        *parents, last = path.split("/")
        at = document
        for name in parents:
            at = at[int(name) if isinstance(at, list) else name]
        if isinstance(at, list):
            last = int(last)
        if value is GONE:
            del at[last]
        else:
            at[last] = value
    return document


def dump(document):
    return yaml.safe_dump(document, allow_unicode=True, sort_keys=False)


class Lint:
    def __init__(self, program, folder):
        self.program, self.folder = program, pathlib.Path(folder) / "tiny"
        self.folder.mkdir()
        (self.folder / "Chart.yaml").write_text("apiVersion: v2\nname: tiny\nversion: 1.0.0\n")

    def __call__(self, text):
        """(accepted, what it said)"""
        (self.folder / "engine.yaml").write_text(text)
        run = subprocess.run([self.program, "engines", "lint", str(self.folder)], capture_output=True, text=True, timeout=20, check=False)
        return {0: True, 1: False}.get(run.returncode), run.stdout + run.stderr


def wrong(lint, text, pointer, schema_knows=True):
    """What is wrong with lint's and the schema's verdicts, or None."""
    accepted, said = lint(text)
    if accepted is None:
        return f"lint ended badly: {said}"
    if accepted != (pointer is None):
        return f"lint {'accepts' if accepted else 'refuses'} it: {said}"
    if pointer and not (pointer in said and "engine.yaml" in said):
        return f"lint does not name engine.yaml and {pointer}: {said}"
    if schema_knows is None:
        return None
    errors = list(jsonschema.Draft202012Validator(SCHEMA).iter_errors(yaml.safe_load(text)))
    if bool(errors) == (pointer is None or not schema_knows):
        return f"the schema {'refuses' if errors else 'accepts'} it: {[e.message for e in errors[:2]]}"
    return None


FULL = {**GOOD, "description": "A shop", "backup": {"cronJob": "backup"}, "restore": {"cronJob": "restore"}, "clone": {"cronJob": "clone"},
        "quiesce": {"cronJob": "quiesce", "maxSeconds": 60}, "upgrades": [{"from": "0.9.0", "backup": True}],
        "position": 7, "probe": {"cronJob": "probe", "conditions": ["OnTime", "InStock"]},
        "credentials": [{"key": "admin-user", "value": "admin", "title": "User name"}, {"key": "admin-password", "generate": 24, "rotate": True}]}
ODD = [None, GONE, -1, 24, 1.5, True, "", "x", "X y", LONG, [], [[]], {"x": 1}]
# What lint alone knows, in its words.
BETWEEN = ("must be one of plans", "must be Chart.yaml's version", "must be as in plan", "has the same key", "must be from another version",
           "is from the same version", "is not the folder's")


def paths(document, at=""):
    members = document.items() if isinstance(document, dict) else enumerate(document) if isinstance(document, list) else ()
    for name, value in members:
        yield f"{at}{name}"
        yield from paths(value, f"{at}{name}/")


def disagreement(lint):
    """Every member of a full file with every odd value: the first on which lint and the schema differ, and how many they agree on."""
    validator, agreed = jsonschema.Draft202012Validator(SCHEMA), 0
    for path in paths(FULL):
        for value in ODD:
            document = changed({path: value}, FULL)
            accepted, said = lint(dump(document))
            valid = validator.is_valid(document)
            wrongs = [line for line in said.splitlines() if line.startswith("  /")] or [said]
            between = not accepted and valid and all(any(b in line for b in BETWEEN) for line in wrongs)
            if accepted is None or (accepted != valid and not between):
                return f"{path}: {value!r}: accepted by lint: {accepted}, by the schema: {valid}; {said}", agreed
            agreed += 1
    return None, agreed


def open_objects(schema, at=""):
    """Places in a JSON schema that take members nobody named."""
    if isinstance(schema, list):
        return [where for i, item in enumerate(schema) for where in open_objects(item, f"{at}/{i}")]
    if not isinstance(schema, dict):
        return []
    here = [at or "/"] if schema.get("type") == "object" and "properties" in schema and schema.get("additionalProperties") is not False else []
    return here + [where for name, sub in schema.items() if name not in ("if", "then", "else") for where in open_objects(sub, f"{at}/{name}")]


def main():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        lint = Lint(sys.argv[1], folder)
        results = [(name, wrong(lint, dump(changed(c)), p)) for name, c, p in CASES]
        results += [(name, wrong(lint, dump(changed(c)), p, False)) for name, c, p in LINT_ONLY]
        results += [(name, wrong(lint, dump(GOOD) + more, said, None)) for name, more, said in TEXTS]
        different, agreed = disagreement(lint)
        results.append((f"lint and schema agree on {agreed} further files", different))
    for engine in sorted(ENGINES.glob("*/engine.yaml")):
        errors = list(jsonschema.Draft202012Validator(SCHEMA).iter_errors(yaml.safe_load(engine.read_text())))
        run = subprocess.run([sys.argv[1], "engines", "lint", str(engine.parent)], capture_output=True, text=True, timeout=20, check=False)
        results.append((f"the engine {engine.parent.name}", (errors and errors[0].message) or (run.returncode and run.stderr) or None))
        values = open_objects(json.loads((engine.parent / "values.schema.json").read_text()))
        results.append((f"the values of {engine.parent.name} are all named", ", ".join(values)))
    for name, what in results:
        print(f"{'not ok' if what else 'ok'} engine.yaml: {name}")
        if what:
            print("# " + what.replace("\n", "\n# "))
            failed = 1
    return failed


if __name__ == "__main__":
    sys.exit(main())
