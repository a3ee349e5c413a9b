import { action } from '../bundle/index.js';

await action('auto-rollback', 'post');
