import { describe } from 'vitest';
import { FOLDERS } from './formats.ts';
import { proveFormats } from './prove-format.ts';

describe('a folder', () => proveFormats(FOLDERS));
