import { stringify } from 'yaml';
import {
  ENGINE_ATTEMPTS,
  type EngineJob,
  type EngineResources,
  type EngineStage,
  engineName,
  FINAL,
  stagesOf,
} from './engine-job.ts';

/** Where Reelmend runs on a cluster. */
export interface KubernetesPods {
  readonly image: string;
  readonly volumes: readonly ClaimedVolume[];
}

/** A folder that all pods share: a claim, and where they see it. */
export interface ClaimedVolume {
  readonly claim: string;
  readonly path: string;
}

const INDEX = "metadata.annotations['batch.kubernetes.io/job-completion-index']";

/**
 * The order's steps as four Indexed Jobs, in YAML. Kubernetes lets no Job wait for another: they are applied one after the other,
 * each by its label `reelmend/step`.
 */
export function kubernetesJobs(job: EngineJob, pods: KubernetesPods): string {
  return stagesOf(job)
    .map((stage) => stringify(indexedJob(stage, job, pods), { lineWidth: 0, aliasDuplicateObjects: false }))
    .join('---\n');
}

function indexedJob(stage: EngineStage, job: EngineJob, { image, volumes }: KubernetesPods): object {
  const labels = {
    'app.kubernetes.io/name': 'reelmend',
    'reelmend/reel': engineName(job),
    'reelmend/step': stage.step,
  };
  const named = volumes.map(({ claim, path }, i) => ({ name: `volume-${i + 1}`, claim, path }));
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: `${engineName(job)}-${stage.step}`, labels },
    spec: {
      completionMode: 'Indexed',
      completions: stage.tasks,
      parallelism: stage.tasks,
      // Each index has tries of its own, so that a take that fails for good ends no other.
      backoffLimitPerIndex: ENGINE_ATTEMPTS - 1,
      podFailurePolicy: {
        rules: [
          { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
          {
            action: 'FailIndex',
            onExitCodes: { containerName: 'step', operator: 'In', values: [...FINAL] },
          },
        ],
      },
      template: {
        metadata: { labels },
        spec: {
          restartPolicy: 'Never',
          ...deadlineOf(job.resources),
          securityContext: { runAsNonRoot: true },
          containers: [
            {
              name: 'step',
              image,
              command: [...job.program],
              args: argumentsOf(stage, job),
              env: [{ name: 'INDEX', valueFrom: { fieldRef: { fieldPath: INDEX } } }],
              ...resourcesOf(stage, job.resources),
              securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
              volumeMounts: named.map(({ name, path }) => ({ name, mountPath: path })),
            },
          ],
          volumes: named.map(({ name, claim }) => ({ name, persistentVolumeClaim: { claimName: claim } })),
        },
      },
    },
  };
}

function argumentsOf({ step, tasks, more }: EngineStage, { orderPath, maps }: EngineJob): readonly string[] {
  const given = ['run-step', '--job', orderPath, ...maps.flatMap((map) => ['--map', map])];
  // The kubelet puts the index in place of $(INDEX), and one dollar in place of two.
  return [
    ...given.map((word) => word.replaceAll('$', '$$$$')),
    '--step',
    step,
    '--index',
    '$(INDEX)',
    '--of',
    `${tasks}`,
    ...more,
  ];
}

function deadlineOf({ hours }: EngineResources): object {
  return hours === null ? {} : { activeDeadlineSeconds: Math.ceil(hours * 3600) };
}

/** Memory and GPUs are limits, which a pod is ended or kept out by; cores are only asked for, since a limit would slow what others leave idle. */
function resourcesOf({ gpus }: EngineStage, { cpus, memoryGib }: EngineResources): object {
  const memory = memoryGib === null ? {} : { memory: `${Math.ceil(memoryGib * 1024)}Mi` };
  const requests = { ...(cpus === null ? {} : { cpu: cpus }), ...memory };
  const limits = { ...memory, ...(gpus > 0 ? { 'nvidia.com/gpu': gpus } : {}) };
  return { resources: { requests, limits } };
}
