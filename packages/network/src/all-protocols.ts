// Each question with its name on the wire, its bytes, its limits, and how long its answer may take.
import type { Codec } from '@piecework/protocol'
import {
  dataAnswer,
  dataQuestion,
  pieceAnswer,
  pieceQuestion,
  uploadAnswer,
  uploadQuestion,
} from './codecs/data.ts'
import { ledgerAnswer, ledgerQuestion, relayAnswer, relayQuestion } from './codecs/ledger.ts'
import { cosignAnswer, cosignQuestion, offersAnswer, offersQuestion } from './codecs/offers.ts'
import {
  deliverAnswer,
  deliverQuestion,
  openAnswer,
  openQuestion,
  workAnswer,
  workQuestion,
} from './codecs/openings.ts'
import { finishedAnswer, finishedQuestion, resultsAnswer, resultsQuestion } from './codecs/results.ts'
import { statusAnswer, statusQuestion } from './codecs/status.ts'
import type { Protocol, Protocols } from './protocols.ts'

/** What is looked up: a peer that takes longer is of no use to who waits for the next slot. */
const QUICK_MS = 10_000
/** What takes long to send over a slow line: 8 MB over 1.5 Mbit/s. */
const LONG_MS = 45_000
/** An upload of 16 MB over 1.5 Mbit/s. */
const LONGEST_MS = 90_000

interface Forms<Question, Answer> {
  readonly question: Codec<Question>
  readonly answer: Codec<Answer>
  readonly timeoutMs: number
}

function protocol<Question, Answer>(
  name: string,
  { question, answer, timeoutMs }: Forms<Question, Answer>,
): Protocol<Question, Answer> {
  return {
    name,
    question,
    answer,
    maxQuestionBytes: question.layout.maxBytes,
    maxAnswerBytes: answer.layout.maxBytes,
    timeoutMs,
  }
}

export const protocols: Protocols = {
  data: protocol('data', { question: dataQuestion, answer: dataAnswer, timeoutMs: LONG_MS }),
  piece: protocol('piece', { question: pieceQuestion, answer: pieceAnswer, timeoutMs: QUICK_MS }),
  upload: protocol('upload', { question: uploadQuestion, answer: uploadAnswer, timeoutMs: LONGEST_MS }),
  work: protocol('work', { question: workQuestion, answer: workAnswer, timeoutMs: QUICK_MS }),
  deliver: protocol('deliver', { question: deliverQuestion, answer: deliverAnswer, timeoutMs: LONG_MS }),
  open: protocol('open', { question: openQuestion, answer: openAnswer, timeoutMs: LONG_MS }),
  status: protocol('status', { question: statusQuestion, answer: statusAnswer, timeoutMs: QUICK_MS }),
  ledger: protocol('ledger', { question: ledgerQuestion, answer: ledgerAnswer, timeoutMs: QUICK_MS }),
  offers: protocol('offers', { question: offersQuestion, answer: offersAnswer, timeoutMs: QUICK_MS }),
  cosign: protocol('cosign', { question: cosignQuestion, answer: cosignAnswer, timeoutMs: QUICK_MS }),
  // It ends when the transaction landed: as long as a blockhash lives.
  relay: protocol('relay', { question: relayQuestion, answer: relayAnswer, timeoutMs: LONGEST_MS }),
  results: protocol('results', { question: resultsQuestion, answer: resultsAnswer, timeoutMs: LONG_MS }),
  finished: protocol('finished', {
    question: finishedQuestion,
    answer: finishedAnswer,
    timeoutMs: QUICK_MS,
  }),
}
