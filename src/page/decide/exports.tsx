import { type ExportFile, exportAddress } from '../ask.ts';
import { review } from '../state.ts';

const FILES: readonly { readonly file: ExportFile; readonly name: string }[] = [
  { file: 'decisions.csv', name: 'CSV' },
  { file: 'decisions.otio', name: 'OpenTimelineIO' },
  { file: 'overrides.json', name: 'Overrides' },
];

/** Decisions as files for others. */
export function Exports() {
  const reel = review.value;
  if (!reel) return null;
  return (
    <section aria-label="Hand over">
      <h3>Hand over the decisions</h3>
      <ul class="row exports">
        {FILES.map(({ file, name }) => (
          <li key={file}>
            <a href={exportAddress(reel.id, file)} download={`${reel.name}.${file}`}>
              {name}
            </a>
          </li>
        ))}
        <li>
          <a href={exportAddress(reel.id, 'sheet.html')} target="_blank" rel="noopener">
            Sheet to print
          </a>
        </li>
      </ul>
    </section>
  );
}
