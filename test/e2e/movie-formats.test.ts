import { describe } from 'vitest';
import { MOVIES } from './formats.ts';
import { proveFormats } from './prove-format.ts';

describe('a movie', () => proveFormats(MOVIES));
