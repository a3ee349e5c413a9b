import { action } from '../bundle/index.js';

await action('promql-unit', 'main');
