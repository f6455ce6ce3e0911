#!/bin/bash
# A sweep on a Slurm cluster: each task of the array is a machine. In the clone, on a file system that
# all nodes see, after `go run ./kernel run 01` has built there what is needed:
#
#     sbatch notebooks/cluster/slurm.sh
#
# What to change: the lines #SBATCH, and these, here or by sbatch --export=ALL,NOTEBOOK=10,…
#
#     NOTEBOOK   the notebook with the sweep
#     SHARED     a folder that all nodes see, where the results are kept
#     OUT        a folder for the notebooks with their outputs
#     BOARD      yes: machines share by a board in the first task, not by the folder alone
#
#SBATCH --job-name=convbook
#SBATCH --array=1-8
#SBATCH --cpus-per-task=4
#SBATCH --mem=2G
#SBATCH --time=04:00:00
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output=convbook-%A-%a.log
set -euo pipefail

NOTEBOOK=${NOTEBOOK:-assignment}
SHARED=${SHARED:-$SLURM_SUBMIT_DIR/out/shared}
BOARD=${BOARD:-no}
OUT=${OUT:-out}

cd "$SLURM_SUBMIT_DIR"
mkdir -p "$SHARED"
export GOMAXPROCS=$SLURM_CPUS_PER_TASK
export CONVBOOK_SWEEP=$SHARED
first=$((SLURM_ARRAY_TASK_ID == SLURM_ARRAY_TASK_MIN))

if [ "$BOARD" = yes ]; then
  line=$SHARED/board-$SLURM_ARRAY_JOB_ID.line
  if [ $first = 1 ]; then
    rm -f "$line"
    go run ./kernel share --address "$(hostname -I | cut -d' ' -f1)" --folder "$SHARED/board" --line "$line" &
    board=$!
    trap 'kill $board' EXIT
  fi
  for _ in {1..600}; do
    [ -s "$line" ] && break
    sleep 1
  done
  CONVBOOK_SWEEP=$(cat "$line")
fi

go run ./kernel run "$NOTEBOOK" --plain --out "$OUT/task-$SLURM_ARRAY_TASK_ID"

# The board stays until the other tasks have ended.
if [ "$BOARD" = yes ] && [ $first = 1 ]; then
  while [ "$(squeue --noheader --array --jobs "$SLURM_ARRAY_JOB_ID" | wc -l)" -gt 1 ]; do
    sleep 5
  done
fi
