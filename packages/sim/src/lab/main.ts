// The first process of a lab: lays the cables, starts a network of real daemons in them, and plays the story that it is
// given as its argument. Its last line tells how it ended.
import type { Cast } from '@piecework/cli/local'
import { onStage } from '../adversary/kill/stage.ts'
import { nodesBehind } from './nodes.ts'
import { DRIVER_HOST, hostOfHub, inNetwork, type Plan } from './plan.ts'
import { play } from './play.ts'
import { type Story, storyForm } from './story.ts'
import { buildStreets } from './streets.ts'

/** The third may die: the others have four fifths of the stake. */
const STAKES: readonly string[] = ['100', '100', '50']
const VOUCHED = '5'
/**
 * A fifth of the public preset, where the local one has a twenty-fifth: what is lost and sent again a few times takes
 * seconds, and a challenge of three of them would measure those.
 */
const PARAMS = {
  length: 150,
  grace: 10,
  inventory: 15,
  challenge: 45,
  commit: 12,
  reveal: 10,
  round: 15,
  dispute: 10,
  /** With one of three gone, what the third was drawn for waits as long as this, and then stake decides. */
  carryEpochs: 4,
}

function planOf({ open, closed, behindOne }: Story): Plan {
  const many = (what: string, count: number): string[] =>
    Array.from({ length: count }, (_, at) => `${what}-${at}`)
  return {
    hubs: many('verifier', STAKES.length),
    open: many('open', open),
    closed: many('closed', closed),
    behindOne: many('shared', behindOne),
  }
}

function castOf({ open, closed, behindOne }: Plan): Cast {
  const contributors = [...open, ...closed, ...behindOne].map(
    (name) => ({ name, role: 'honest', vouched: VOUCHED }) as const,
  )
  return { contributors, verifiers: STAKES.length, stakes: STAKES, settlers: 1 }
}

/** A Node for each network: what it runs sees nothing but that. */
function nodesIn({ hubs, open, closed, behindOne }: Plan): Promise<(name: string) => string> {
  const names = [...hubs, ...open, ...closed, ...behindOne]
  return nodesBehind(new Map(names.map((name) => [name, inNetwork(name)])))
}

const story = storyForm.parse(JSON.parse(process.argv[2] ?? ''))
const plan = planOf(story)
const streets = await buildStreets(plan)
const end = await onStage((stage) => play(stage, { story, streets, hubs: plan.hubs }), {
  cast: castOf(plan),
  params: PARAMS,
  hostOf: (name) => hostOfHub(plan, name) ?? DRIVER_HOST,
  nodeOf: await nodesIn(plan),
})
process.stdout.write(`${JSON.stringify(end)}\n`)
// The wire goes with its parent.
process.exit(0)
