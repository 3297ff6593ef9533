// Verifiers that say what a test has them say, by their place among the checkers of a stint.
import type { Check, VerifierPlan } from '@piecework/testkit'
import type { StintReport } from '../../src/messages.ts'

/** 'nothing' leaves the stint out of the report; 'silent' reports that the node did not answer. */
export type Saying = 'right' | 'wrong' | 'silent' | 'nothing'

export type Script = (place: number, check: Check) => Saying

/** Of one stake each. */
export function verifiersSaying(count: number, script: Script): VerifierPlan[] {
  return Array.from({ length: count }, () => verifierSaying(script))
}

export function verifierSaying(script: Script, stake = 100n): VerifierPlan {
  return {
    stake,
    behaviour: {
      report: (honest, check) => say(script(check.due.checkers.indexOf(check.verifierId), check), honest),
    },
  }
}

function say(saying: Saying, honest: StintReport): StintReport | undefined {
  switch (saying) {
    case 'right':
      return honest
    case 'wrong':
      return { ...honest, traces: honest.traces.map((trace) => trace.map((byte) => byte ^ 1)) }
    case 'silent':
      return { ...honest, traces: [], delivered: [], answers: [] }
    case 'nothing':
      return undefined
  }
}

/** The first so many places say one thing, all others another. */
export function firstSay(count: number, saying: Saying, others: Saying): Script {
  return (place) => (place < count ? saying : others)
}
