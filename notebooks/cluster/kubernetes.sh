#!/bin/bash
# A pod of kubernetes.yaml: one machine of a sweep. The first one has the board, too.
set -euo pipefail

if [ "$JOB_COMPLETION_INDEX" = 0 ]; then
  mkdir -p "$BOARD"
  install -m 600 "$SECRET/seed" "$BOARD/seed" # so that the board is the one that the line names
  go run ./kernel share --folder "$BOARD" --address "$POD_IP" --port 4222 &
fi
CONVBOOK_SWEEP=$(cat "$SECRET/line")
export CONVBOOK_SWEEP

# The line is board://TOKEN@HOST:PORT/PIN.
place=${CONVBOOK_SWEEP#*@}
place=${place%%/*}
until (: <"/dev/tcp/${place%:*}/${place#*:}") 2>/dev/null; do
  sleep 1
done

go run ./kernel run "$NOTEBOOK" --plain --no-html
wait # the first pod keeps the board; the job ends with the others
