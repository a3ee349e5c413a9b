import { action } from '../bundle/index.js';

await action('reload-dry-run', 'main');
