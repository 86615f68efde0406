// Stands in for Kubernetes: runs the pods of the Jobs that are applied at once, one after the other, by their failure policy and
// limits, and answers what became of a Job.
import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

const folder = process.env.STAND_IN;
const [verb, ...rest] = process.argv.slice(2);
const after = (flag) => rest[rest.indexOf(flag) + 1];
const isChosen = (labels) =>
  after('-l')
    .split(',')
    .every((pair) => labels[pair.split('=')[0]] === pair.split('=')[1]);
appendFileSync(join(folder, 'asked'), `${process.argv.slice(2).join(' ')}\n`);
const known = join(folder, 'jobs.json');
const jobs = existsSync(known) ? JSON.parse(readFileSync(known, 'utf8')) : [];

if (verb === 'apply') {
  for (const document of parseAllDocuments(readFileSync(after('-f'), 'utf8'))) {
    const job = document.toJS();
    if (isChosen(job.metadata.labels) && !jobs.some(({ name }) => name === job.metadata.name)) {
      jobs.push({ name: job.metadata.name, labels: job.metadata.labels, ended: ended(job.spec) });
    }
  }
  // As where somebody deletes them, or kubectl looks elsewhere.
  if (!existsSync(join(folder, 'forgets'))) writeFileSync(known, JSON.stringify(jobs));
} else {
  process.stdout.write(
    jobs
      .filter(({ labels }) => isChosen(labels))
      .map((job) => (rest.includes('name') ? `job.batch/${job.name}` : job.ended))
      .join(' '),
  );
}

/** The conditions of a Job that has run all its indexes. */
function ended({ completions, backoffLimitPerIndex, podFailurePolicy, template }) {
  const [{ command, args }] = template.spec.containers;
  const final = podFailurePolicy.rules.flatMap(({ action, onExitCodes }) =>
    action === 'FailIndex' ? onExitCodes.values : [],
  );
  let hasFailed = false;
  for (let index = 0; index < completions; index++) {
    const words = [...command, ...args].map((word) =>
      word.replace(/\$\$|\$\(INDEX\)/g, (found) => (found === '$$' ? '$' : `${index}`)),
    );
    let code = 1;
    for (let failures = 0; failures <= backoffLimitPerIndex && code !== 0 && !final.includes(code); failures++) {
      code = spawnSync(words[0], words.slice(1), { stdio: 'ignore' }).status;
    }
    hasFailed ||= code !== 0;
  }
  return hasFailed ? 'FailureTarget Failed' : 'SuccessCriteriaMet Complete';
}
