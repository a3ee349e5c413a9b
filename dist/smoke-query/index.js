import { action } from '../bundle/index.js';

await action('smoke-query', 'main');
