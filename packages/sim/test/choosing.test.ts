// Requesters that choose which known answers count gain next to nothing over the rule, which lets them choose none.
import { expect, it } from 'vitest'
import { type Choice, playChoosing } from '../src/adversary/labelling/choosing.ts'

const CROWDS = 12
/** Parts of the price. Over 40 crowds choosing lowers pay by 0.0006 with true answers, and by nothing with false ones. */
const LITTLE = 0.003

async function meanOf(choice: Choice): Promise<{ pay: number; right: number }> {
  const played = await Promise.all(
    Array.from({ length: CROWDS }, (_, number) => playChoosing(`crowd ${number}`, choice)),
  )
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length
  return { pay: mean(played.map(({ pay }) => pay)), right: mean(played.map(({ right }) => right)) }
}

it.each([true, false])(
  'choosing lowers pay no more than opening all does, where they are true: %s',
  async (isTrue) => {
    const all = await meanOf({ isTrue, opens: 'all' })
    const chosen = await meanOf({ isTrue, opens: 'what lowers pay' })
    expect(all.pay - chosen.pay).toBeLessThan(LITTLE)
    expect(chosen.right).toBeGreaterThan(0.8)
  },
)

it('lies lower pay by little, because those that most contradict are void; truth finds more that is right', async () => {
  const none = await meanOf({ isTrue: true, opens: 'none' })
  const truth = await meanOf({ isTrue: true, opens: 'all' })
  const lies = await meanOf({ isTrue: false, opens: 'all' })
  expect(none.pay - lies.pay).toBeLessThan(0.03)
  expect(truth.right).toBeGreaterThanOrEqual(lies.right)
})
