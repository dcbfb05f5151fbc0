import { bestOf } from './best-of.mjs'

/** Every knob in scope drawn evenly from its search range, anew in each trial. The best trial wins. */
export const randomSearch = {
  name: 'random search',
  unavailable: () => null,
  find: (task) => bestOf(task, () => task.space.map(() => task.random())),
}
