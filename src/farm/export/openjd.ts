import { stringify } from 'yaml';
import {
  ENGINE_ATTEMPTS,
  type EngineJob,
  type EngineResources,
  type EngineStage,
  isWorthTrying,
  shellWord,
  stagesOf,
} from './engine-job.ts';

/**
 * The order's steps as a job template of Open Job Description, version 2023-09, in YAML. Paths are job parameters of text, since
 * those of paths have no absolute defaults, and become paths, which hosts map, as parameters of tasks.
 */
export function openjdTemplate(job: EngineJob): string {
  const stages = stagesOf(job);
  const template = {
    specificationVersion: 'jobtemplate-2023-09',
    // Two braces in a row would be those of a format string.
    name: `Reelmend ${job.name.replaceAll(/\{+/g, '{').replaceAll(/\}+/g, '}')}`.slice(0, 128),
    parameterDefinitions: parameters(job),
    steps: stages.map((stage, i) => stepTemplate(stage, job, stages[i - 1])),
  };
  return stringify(template, { lineWidth: 0 });
}

function parameters({ orderPath, roots, parts, program }: EngineJob): readonly object[] {
  return [
    {
      name: 'Order',
      type: 'STRING',
      default: orderPath,
      description: 'What "reelmend submit" wrote beside the output. A host finds it by its path mapping rules.',
    },
    ...roots.map((root, i) => ({
      name: rootName(i),
      type: 'STRING',
      default: root,
      description: 'A folder of the order, as the order calls it. A host finds it by its path mapping rules.',
    })),
    {
      name: 'Program',
      type: 'STRING',
      default: program.map(shellWord).join(' '),
      description: 'How a host calls Reelmend, as its shell reads it.',
    },
    { name: 'Parts', type: 'INT', default: parts, minValue: 1, description: 'Tasks that share the takes.' },
    {
      name: 'FailedTakes',
      type: 'STRING',
      default: 'pass-through',
      allowedValues: ['pass-through', 'stop'],
      description:
        'pass-through: a take that fails lets the job go on, and conform puts in the original frames and names them. stop: the host tries it again on its own terms, and the job ends where that does not help.',
    },
    {
      name: 'Attempts',
      type: 'INT',
      default: ENGINE_ATTEMPTS,
      minValue: 1,
      description: 'How often a task is tried on its host where it asks to be tried again.',
    },
    {
      name: 'BackOff',
      type: 'INT',
      default: 30,
      minValue: 0,
      description: 'Seconds before it is tried again; twice as many before each further time.',
    },
  ];
}

function stepTemplate(stage: EngineStage, job: EngineJob, before: EngineStage | undefined): object {
  const { step, more } = stage;
  const tasks = step === 'take' ? '{{Param.Parts}}' : `${stage.tasks}`;
  return {
    name: step,
    ...(before ? { dependencies: [{ dependsOn: before.step }] } : {}),
    hostRequirements: requirements(stage, job.resources),
    parameterSpace: {
      taskParameterDefinitions: [
        { name: 'Task', type: 'INT', range: `1-${tasks}` },
        ...['Order', ...job.roots.map((_, i) => rootName(i))].map((name) => ({
          name,
          type: 'PATH',
          range: [`{{Param.${name}}}`],
        })),
      ],
    },
    script: {
      actions: {
        onRun: {
          command: 'sh',
          args: [
            '{{Task.File.Run}}',
            ...job.roots.flatMap((_, i) => [`{{Task.RawParam.${rootName(i)}}}`, `{{Task.Param.${rootName(i)}}}`]),
            ...['run-step', '--job', '{{Task.Param.Order}}', '--step', step, ...more],
          ],
          ...timeoutOf(job.resources),
        },
      },
      embeddedFiles: [{ name: 'Run', type: 'TEXT', data: script(stage, tasks, job.roots.length) }],
    },
  };
}

function script({ step }: EngineStage, tasks: string, folders: number): string {
  const ending = step === 'take' ? PASS_THROUGH : '';
  return `# Folders as the order names them, each with where this host sees it, come before the words of run-step.
folders=${folders}
while [ "$folders" -gt 0 ]; do
  from=$1 to=$2
  shift 2
  [ "$from" = "$to" ] || set -- "$@" --map "$from=$to"
  folders=$((folders - 1))
done
attempt=1
while :; do
  code=0
  {{Param.Program}} "$@" --index "$(({{Task.Param.Task}} - 1))" --of ${tasks} || code=$?
  # What asks for it (75), and what crashed.
  if ! ${isWorthTrying('"$code"')} || [ "$attempt" -ge {{Param.Attempts}} ]; then break; fi
  sleep "$(({{Param.BackOff}} << (attempt - 1)))"
  attempt=$((attempt + 1))
done
${ending}exit "$code"
`;
}

/** No step of a job template begins where one before it failed, so a failed take ends as if it were done. */
const PASS_THROUGH = `if [ "$code" -ne 0 ] && [ {{Param.FailedTakes}} = pass-through ]; then
  echo "openjd_status: Takes failed with code $code. Conform passes them through."
  exit 0
fi
`;

function requirements({ gpus }: EngineStage, { cpus, memoryGib }: EngineResources): object {
  const amounts = [
    ...(gpus > 0 ? [{ name: 'amount.worker.gpu', min: gpus }] : []),
    ...(cpus === null ? [] : [{ name: 'amount.worker.vcpu', min: cpus }]),
    ...(memoryGib === null ? [] : [{ name: 'amount.worker.memory', min: Math.ceil(memoryGib * 1024) }]),
  ];
  // The script is one of a POSIX shell.
  const attributes = [{ name: 'attr.worker.os.family', anyOf: ['linux', 'macos'] }];
  return amounts.length > 0 ? { amounts, attributes } : { attributes };
}

function timeoutOf({ hours }: EngineResources): object {
  return hours === null ? {} : { timeout: Math.ceil(hours * 3600) };
}

function rootName(i: number): string {
  return `Folder${i + 1}`;
}
