import { render } from 'preact';
import { App } from './app.tsx';
import { followAddress } from './show-reel.ts';
import { followTheme } from './theme.ts';

followTheme();
followAddress();
render(<App />, document.body);
