#!/usr/bin/env bash
# What action.yml runs: annotations on the changed lines, a job summary, the label table.
# Settings come from the environment; nothing of a pull request is ever run as code.
set -uo pipefail
cd "${GITHUB_WORKSPACE:-.}" || exit 2

covidxr=${COVIDXR:-covidxr}
root=${ROOT:-.}
summary=${GITHUB_STEP_SUMMARY:-/dev/null}

options=(--root "$root" --images "${IMAGES:-structure}" --fail-on "${FAIL_ON:-error}" --no-progress)
[ -n "${SELECT:-}" ] && options+=(--select "$SELECT")
[ -n "${IGNORE:-}" ] && options+=(--ignore "$IGNORE")
# Without a file to check the table in, the rule about README's table is left out too.
[ -z "${STATS:-}" ] && options+=(--ignore DOC101)

since=${SINCE:-}
if [ -z "$since" ] && [ -n "${GITHUB_BASE_REF:-}" ]; then
    # What the pull request changed is what differs from where it left its base.
    since=$(git merge-base "origin/$GITHUB_BASE_REF" HEAD) || {
        echo "::error::the base branch is not in this checkout; use actions/checkout with fetch-depth: 0"
        exit 2
    }
fi
[ -n "$since" ] && options+=(--since "$since")

# One validation: annotations to the log, the whole report to the job summary.
annotations=$(mktemp)
"$covidxr" validate "${options[@]}" --format github --summary "$summary" > "$annotations"
status=$?
cat "$annotations"
if [ "$status" -gt 1 ]; then
    echo "::error::covidxr could not validate $root; see the log above"
    exit "$status"
fi

stale=0
where=$root/${STATS:-}
where=${where#./}
if [ -n "${STATS:-}" ]; then
    reason=$(mktemp)
    difference=$("$covidxr" stats --root "$root" --check "$root/$STATS" 2> "$reason")
    case $? in
    0) ;;
    1)
        stale=1
        # DOC101 has said so already, unless it was left out or the file is another one.
        grep -q "title=DOC101" "$annotations" ||
            echo "::error file=$where::the label table is out of date: covidxr stats --write $STATS"
        { echo; echo "### $STATS: the label table is out of date"; echo '```diff'; echo "$difference"; echo '```'; } >> "$summary"
        ;;
    *)
        # No such file, or no place for a table in it: a collection need not have one.
        echo "::notice::the label table is not checked: $(head -n 1 "$reason" | tr -d '\r')"
        ;;
    esac
fi

[ "$status" -eq 0 ] && [ "$stale" -eq 0 ]
