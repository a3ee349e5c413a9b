import type { Route } from '../http/router.ts';
import { actionRoutes } from './actions.ts';
import { appRoutes } from './apps.ts';
import { checkRoutes } from './checks.ts';
import { commitRoutes } from './commits.ts';
import { contentRoutes } from './contents.ts';
import { gitDataRoutes } from './git-data.ts';
import { graphqlRoutes } from './graphql.ts';
import { issueRoutes } from './issues.ts';
import { labelRoutes } from './labels.ts';
import { mergingRoutes } from './merging.ts';
import { asyncMergeRoutes } from './merging-async.ts';
import { protectionRoutes } from './protection.ts';
import { pullRoutes } from './pulls.ts';
import { refRoutes } from './refs.ts';
import { repositoryRoutes } from './repositories.ts';
import { reviewRoutes } from './reviews.ts';
import { rulesetRoutes } from './rulesets.ts';

/** Every operation the double answers. */
export const routes: readonly Route[] = [
  ...actionRoutes,
  ...appRoutes,
  ...asyncMergeRoutes,
  ...checkRoutes,
  ...commitRoutes,
  ...contentRoutes,
  ...gitDataRoutes,
  ...graphqlRoutes,
  ...issueRoutes,
  ...labelRoutes,
  ...mergingRoutes,
  ...protectionRoutes,
  ...pullRoutes,
  ...refRoutes,
  ...repositoryRoutes,
  ...reviewRoutes,
  ...rulesetRoutes,
];
