/** How an error names a field of a request to whoever wrote it. */
export type FieldName = (field: string) => string;

/** As a program writes it. */
export const asField: FieldName = (field) => field;

/** Flags that are called otherwise than their fields, since each gives one of several. */
const FLAGS: Readonly<Record<string, string>> = {
  references: '--reference',
  settings: '--set',
  presets: '--preset',
  masters: '--master',
  mastersFolder: '--masters',
};

/** As the command line does: `maxIsolated` is `--max-isolated`. */
export const asFlag: FieldName = (field) =>
  FLAGS[field] ?? `--${field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
