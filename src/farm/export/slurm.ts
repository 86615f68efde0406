import {
  ENGINE_ATTEMPTS,
  type EngineJob,
  type EngineResources,
  type EngineStage,
  engineName,
  isWorthTrying,
  shellWord,
  stagesOf,
} from './engine-job.ts';

/** What an array waits for; `$cast` is the id of that step's array. Conform begins as well where takes failed for good. */
const WAITS: Readonly<Record<EngineStage['step'], string | null>> = {
  track: null,
  cast: 'afterok:$track',
  take: 'afterok:$cast',
  conform: 'afterok:$cast,afterany:$take',
};

/** A bash script that submits the order's steps to Slurm as four job arrays, and hands its own arguments on to each `sbatch`. */
export function slurmScript(job: EngineJob): string {
  const name = engineName(job);
  return `#!/usr/bin/env bash
# Submits a reel's restoration to Slurm as four job arrays. What this script is given, each sbatch is: --partition=gpu --account=film.
set -euo pipefail

# submit <step> <tasks> <options of sbatch> …: prints the array's id.
submit() {
  local step=$1 tasks=$2 id
  shift 2
  id=$(
    sbatch --parsable --job-name="${name}-$step" --output="${name}-$step-%a.out" --open-mode=append \\
      --array="0-$((tasks - 1))" --export="ALL,REELMEND_STEP=$step,REELMEND_TASKS=$tasks" \\
      --requeue --kill-on-invalid-dep=yes "$@" <<'TASK'
#!/usr/bin/env bash
code=0
# What takes have not restored is passed through.
[ "$REELMEND_STEP" != conform ] || set -- --pass-missing
${runStep(job)} || code=$?
# What asks for it (75), and what crashed, is tried again, perhaps on another node, when Slurm has held it back for two minutes.
# A lost node counts as a try, too.
if ${isWorthTrying('"$code"')} && [ "\${SLURM_RESTART_COUNT:-0}" -lt ${ENGINE_ATTEMPTS - 1} ]; then
  scontrol requeue "\${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID"
fi
exit "$code"
TASK
  )
  # On several clusters the id has the cluster's name behind it.
  echo "\${id%%;*}"
}

${stagesOf(job)
  .map((stage) => submission(stage, job.resources))
  .join('\n')}
echo "Submitted: track $track, cast $cast, take $take, conform $conform. To stop them all: scancel $track $cast $take $conform"
`;
}

function runStep({ program, orderPath, maps }: EngineJob): string {
  const words = [...program, 'run-step', '--job', orderPath, ...maps.flatMap((map) => ['--map', map])];
  return `${words.map(shellWord).join(' ')} \\
  --step "$REELMEND_STEP" --index "$SLURM_ARRAY_TASK_ID" --of "$REELMEND_TASKS" "$@"`;
}

function submission({ step, tasks, gpus }: EngineStage, { cpus, memoryGib, hours }: EngineResources): string {
  const waits = WAITS[step];
  const options = [
    waits === null ? null : `--dependency="${waits}"`,
    gpus > 0 ? `--gres=gpu:${gpus}` : null,
    cpus === null ? null : `--cpus-per-task=${cpus}`,
    memoryGib === null ? null : `--mem=${Math.ceil(memoryGib * 1024)}M`,
    hours === null ? null : `--time=${Math.ceil(hours * 60)}`,
  ].filter((option) => option !== null);
  return `${step}=$(submit ${[step, tasks, ...options].join(' ')} "$@")`;
}
