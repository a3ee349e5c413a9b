import { action } from '../bundle/index.js';

await action('post-merge-quality-watch', 'main');
