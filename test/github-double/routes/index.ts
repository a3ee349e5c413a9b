import type { Route } from '../http/router.ts';
import { gitDataRoutes } from './git-data.ts';
import { mergingRoutes } from './merging.ts';
import { pullRoutes } from './pulls.ts';
import { refRoutes } from './refs.ts';

/** Every operation the double answers. */
export const routes: readonly Route[] = [...refRoutes, ...gitDataRoutes, ...pullRoutes, ...mergingRoutes];
