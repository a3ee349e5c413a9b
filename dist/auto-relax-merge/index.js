import { action } from '../bundle/index.js';

await action('auto-relax-merge', 'main');
