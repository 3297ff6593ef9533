// What the owner of a node can tell it to do, beside starting and stopping it.
import type { Route } from '@piecework/api'
import type { NodeDaemon } from './main.ts'
import { questionRoutes } from './question-routes.ts'

export function routesOf(node: NodeDaemon): readonly Route[] {
  return [
    ...questionRoutes(node.asking),
    {
      method: 'GET',
      path: '/hosts',
      summary: 'Hosts that tasks asked for, and what came of it; newest last.',
      answer: () => node.asking.web.asked,
    },
    {
      method: 'POST',
      path: '/drain',
      summary: 'Takes no further tasks until the next start; finishes and delivers what it has.',
      answer: () => {
        node.drain()
        return { draining: true }
      },
    },
    {
      method: 'POST',
      path: '/leave',
      summary: 'Leaves the network: its bond is released some epochs after its last row.',
      answer: async () => {
        await node.leave()
        return { leaving: true }
      },
    },
  ]
}
