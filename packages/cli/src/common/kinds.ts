// The kinds of work that this installation knows.
import { type Kinds, loadKinds } from '@piecework/work'

export function installedKinds(): Promise<Kinds> {
  return loadKinds([], (name) => import(name))
}
