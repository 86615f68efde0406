// Imported before a program, by NODE_OPTIONS: the packages that speak to S3 are then not to be found.
import { register } from 'node:module';

const hooks = `export async function resolve(name, context, next) {
  if (name.startsWith('@aws-sdk/')) throw Object.assign(new Error('Cannot find package ' + name), { code: 'ERR_MODULE_NOT_FOUND' });
  return next(name, context);
}`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`, import.meta.url);
