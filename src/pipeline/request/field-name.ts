/** How an error names a field of a request to whoever wrote it. */
export type FieldName = (field: string) => string;

/** As a program writes it. */
export const asField: FieldName = (field) => field;

/** As the command line does: `maxIsolated` is `--max-isolated`. Only `--reference` is called otherwise than its field. */
export const asFlag: FieldName = (field) =>
  field === 'references' ? '--reference' : `--${field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
