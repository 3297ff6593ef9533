// How well an answer agrees with another one, and by how much somebody who draws lots would.
import { SCORE_ONE } from '@piecework/protocol'
import { type Box, boxAgreement, setAgreement, textAgreement } from '../../statistics/agreement.ts'
import { normaliseText } from '../../statistics/simhash.ts'
import type { LabelAnswer } from './answer.ts'
import type { LabelForm } from './spec.ts'

/** Below it a text or a drawing is another one, and earns nothing: half right is wrong. */
const ALIKE = 0.5

export function agreementOf(form: LabelForm, a: LabelAnswer, b: LabelAnswer): number {
  if (form.type === 'text') {
    const alike = textAgreement(plain(a, form.anyCase), plain(b, form.anyCase))
    return alike >= ALIKE ? alike : 0
  }
  if (form.type === 'boxes') {
    const alike = boxAgreement(boxesOf(a), boxesOf(b))
    return alike >= ALIKE ? alike : 0
  }
  return form.type === 'several'
    ? setAgreement(new Set<unknown>([...a]), new Set<unknown>([...b]))
    : a === b
      ? 1
      : 0
}

/** In millionths. Options drawn by lot share about a third with others drawn by lot. */
export function chanceOf(form: LabelForm): number {
  if (form.type === 'one') return Math.floor(SCORE_ONE / form.options.length)
  return form.type === 'several' ? Math.floor(SCORE_ONE / 3) : 0
}

/** Letters of ASCII alone change their case: the others do so by tables that differ between versions of Node. */
function plain(answer: LabelAnswer, anyCase: boolean): string {
  const text = normaliseText(String(answer))
  return anyCase ? text.replace(/[A-Z]/g, (letter) => letter.toLowerCase()) : text
}

function boxesOf(answer: LabelAnswer): readonly Box[] {
  return Array.isArray(answer) ? answer.filter((one): one is Box => typeof one === 'object') : []
}
