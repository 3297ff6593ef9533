// What the judges found, and what each of them earned.
import { type JudgedTask, type Judgement, MEMORY_BYTES } from '@piecework/protocol'
import type { AcrossInput } from '../../kind.ts'
import { provenPart, Skills, scoreOf } from '../../people/skills.ts'
import { fixedAnswer, type Reading, voicesOf } from '../../people/voices.ts'
import { millionths } from '../../statistics/millionths.ts'
import { type JudgeAnswer, outputReader, writeAnswer } from './answer.ts'
import type { AskedTask } from './asked.ts'
import { chanceOf, methodOf } from './method.ts'
import type { JudgeSpec } from './spec.ts'
import { readWins, type Wins, winsLength, writeWins } from './wins.ts'

export function judgeAnswers(spec: JudgeSpec, { memory, tasks, held }: AcrossInput): Judgement {
  const { answer: form, floor } = spec
  const wins: Wins = form.type === 'pairs' ? readWins(memory, form.count) : new Map()
  const skills = new Skills(skillsIn(spec, memory))
  const method = methodOf(form, { skills, wins, held })
  const read = validReader(outputReader(form), method.valid)
  const reading: Reading<JudgeAnswer> = { read, agreement: method.agreement }
  const asked = tasks.map((task) => askedOf(task, reading))
  const found = method.find(asked)
  const judged = tasks.map(({ answers }, i) => {
    const result = found[i]
    const scores = answers.map(({ owner, output }) => {
      const given = read(output)
      const credit =
        given === undefined || result === undefined ? 0 : millionths(method.agreement(given, result))
      return scoreOf({ credit, floor, proven: provenPart(skills.of(owner), chanceOf(form)) })
    })
    return { result: result === undefined ? new Uint8Array() : writeAnswer(result), scores }
  })
  for (const [i, { voices }] of asked.entries()) {
    const result = found[i]
    if (result !== undefined)
      for (const { owner, answer } of voices) skills.add(owner, millionths(method.agreement(answer, result)))
  }
  return { tasks: judged, memory: memoryOf(spec, wins, skills) }
}

/** An answer that this form's rules void (a quote that is nowhere) is none. */
function validReader(
  read: (output: Uint8Array) => JudgeAnswer | undefined,
  valid: (answer: JudgeAnswer) => boolean,
): (output: Uint8Array) => JudgeAnswer | undefined {
  return (output) => {
    const answer = read(output)
    return answer !== undefined && valid(answer) ? answer : undefined
  }
}

function askedOf(task: JudgedTask, reading: Reading<JudgeAnswer>): AskedTask {
  const voices = voicesOf(task.answers, reading)
  const before = task.result === undefined ? undefined : reading.read(task.result)
  return { task: task.task, voices, fixed: before ?? fixedAnswer(task, voices, reading) }
}

/** Pairs remember what was found of each pair, before what they remember of people. */
export function skillsIn({ answer: form }: JudgeSpec, memory: Uint8Array): Uint8Array {
  return form.type === 'pairs' ? memory.subarray(winsLength(memory)) : memory
}

function memoryOf({ answer: form }: JudgeSpec, wins: Wins, skills: Skills): Uint8Array {
  if (form.type !== 'pairs') return skills.write()
  const before = writeWins(wins)
  return Uint8Array.from(Buffer.concat([before, skills.write(MEMORY_BYTES - before.length)]))
}
