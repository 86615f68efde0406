#!/usr/bin/env bash
# Runs the Jobs that `reelmend export --as kubernetes` wrote, each when the one before it has ended. What is behind the file, kubectl is given:
#   bash run-jobs.sh reel.yaml --namespace film
# Stopped and given again, it goes on. To run a reel anew: kubectl delete -f reel.yaml
set -euo pipefail

jobs=${1:?Give the file of Jobs.}
shift
options=("$@")
reel=$(sed -n 's/^ *reelmend\/reel: //p' "$jobs" | head -n 1)
[ -n "$reel" ] || { echo "$jobs has no label reelmend/reel: give the file that export --as kubernetes wrote." >&2; exit 2; }

# What has become of a step's Job: Complete or Failed, when it has ended.
conditions() {
  kubectl get job -l "reelmend/reel=$reel,reelmend/step=$1" -o jsonpath='{.items[*].status.conditions[*].type}' "${options[@]}"
}

for step in track cast take conform; do
  kubectl apply -f "$jobs" -l "reelmend/step=$step" "${options[@]}"
  until conditions "$step" | grep -qwE 'Complete|Failed'; do
    # One that nobody made, or somebody deleted, never ends.
    if [ -z "$(kubectl get job -l "reelmend/reel=$reel,reelmend/step=$step" -o name "${options[@]}")" ]; then
      echo "The cluster has no Job of step $step labelled reelmend/reel=$reel where kubectl looks: check its --namespace and --context." >&2
      exit 1
    fi
    sleep 10
  done
  if conditions "$step" | grep -qw Failed; then
    echo "Step $step failed in part or whole; see: kubectl logs -l reelmend/reel=$reel,reelmend/step=$step --prefix" >&2
    # Conform passes through what takes have not restored.
    [ "$step" = take ] || exit 1
  fi
done
