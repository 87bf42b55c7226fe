// What a command asks for, beside the day on which it happened and the note that every command
// may have. Which values there are, and what they are called, comes from the API's codes.

export type Values = Record<string, unknown>

export interface Field {
  name: string
  /** choice: one of a list of codes; yes: true or left out; answer: yes or no; staff: people of the registry; day: a day; id: a number of a register; rows: several of the columns. */
  kind: 'choice' | 'yes' | 'answer' | 'staff' | 'day' | 'worker' | 'id' | 'rows'
  columns?: Field[]
  /** Of an answer: the words for yes and no; those of yes and no themselves where it is left out. */
  answers?: 'approve'
  /** Of a choice: the list of codes. */
  codes?: string
  /** Of a choice: those of the list that may be chosen, given what is filled in. */
  only?: (v: Values) => string[]
  required?: boolean
  /** Whether it is asked for, given what is filled in. What is not asked for is not sent. */
  when?: (v: Values) => boolean
}

export interface Form {
  fields: Field[]
  /** What is filled in at first. */
  first?: Values
  /** It is about now: no day is asked for. */
  now?: boolean
}

const spoken = ['met', 'no_answer', 'declined', 'wrong_number']
const atDoor = ['met', 'not_at_home', 'declined', 'family_met', 'moved_away']
const outcomesOf: Record<string, string[]> = {
  phone: spoken, video: spoken, sms: ['sent', 'replied'], talk: ['met', 'declined', 'no_answer'], home_visit: atDoor, family_visit: ['family_met', 'met', 'not_at_home', 'moved_away'], joint_visit: atDoor,
}
const heard = (v: Values) => ['met', 'declined', 'replied'].includes(String(v.outcome))
const taken = (v: Values) => Boolean(v.result) && v.result !== 'refused' && v.result !== 'evaded'
const whoOf: Record<string, string[]> = {
  met: ['client', 'client_and_family'], declined: ['client', 'client_and_family'], family_met: ['family'], not_at_home: ['family', 'neighbour'], moved_away: ['family', 'neighbour'],
}

const referralsTo: Record<string, string[]> = {
  human_resources: ['job', 'skills_training'], civil_affairs: ['social_assistance', 'temporary_aid', 'housing'], medical: ['treatment', 'maintenance_therapy'], psychological: ['counselling'],
}

export const forms: Record<string, Form> = {
  'record-contact': {
    first: { channel: 'home_visit', outcome: 'met' },
    fields: [
      { name: 'channel', kind: 'choice', codes: 'channel', required: true },
      { name: 'outcome', kind: 'choice', codes: 'outcome', required: true, only: (v) => outcomesOf[String(v.channel)] ?? [] },
      { name: 'excuse', kind: 'choice', codes: 'excuse', when: (v) => v.outcome === 'declined' },
      { name: 'who', kind: 'choice', codes: 'who', when: (v) => String(v.outcome) in whoOf, only: (v) => whoOf[String(v.outcome)] ?? [] },
      { name: 'mood', kind: 'choice', codes: 'mood', when: heard },
    ],
  },
  'record-test': {
    first: { method: 'urine', result: 'negative' },
    fields: [
      { name: 'method', kind: 'choice', codes: 'test_method', required: true },
      { name: 'result', kind: 'choice', codes: 'test_result', required: true },
      { name: 'staff', kind: 'staff', required: true },
      { name: 'collector_sex', kind: 'choice', codes: 'sex', required: true, when: (v) => v.method === 'urine' && taken(v) },
      { name: 'site', kind: 'choice', codes: 'test_site', when: taken },
      { name: 'surprise', kind: 'yes' },
    ],
  },
  'record-assessment': { fields: [] },
  'report-in': { fields: [] },
  'sign-agreement': { fields: [] },
  'report-leave': { fields: [{ name: 'from', kind: 'day', required: true }, { name: 'to', kind: 'day', required: true }] },
  'decide-leave': { now: true, first: { approved: true }, fields: [{ name: 'approved', kind: 'answer', answers: 'approve', required: true }] },
  'return-from-leave': { fields: [] },
  'raise-crisis': { fields: [{ name: 'kind', kind: 'choice', codes: 'crisis_kind', required: true }] },
  'close-crisis': { now: true, fields: [] },
  'confirm-miss': { now: true, fields: [] },
  'dismiss-miss': { now: true, fields: [] },
  'justify-miss': { now: true, fields: [{ name: 'reason', kind: 'choice', codes: 'justified_reason', required: true }, { name: 'until', kind: 'day', when: (v) => v.once === true, required: true }] },
  'acknowledge-escalation': { now: true, fields: [{ name: 'promise', kind: 'day', required: true }] },
  'assign-worker': { now: true, fields: [{ name: 'worker', kind: 'worker', required: true }] },
  'change-risk': { now: true, fields: [{ name: 'risk', kind: 'choice', codes: 'risk', required: true }] },
  'withdraw-record': { now: true, fields: [] },
  'confirm-police-report': { now: true, fields: [] },
  'send-police-report': { fields: [] },
  'record-receipt': { fields: [] },
  'accept-transfer': { fields: [] },
  'return-transfer': { now: true, fields: [] },
  'refuse-transfer': { now: true, fields: [{ name: 'reason', kind: 'choice', codes: 'return_reason', required: true }] },
  'forward-file': { fields: [] },
  'report-arrival': { fields: [] },
  'record-help-offer': { first: { answer: 'accepted' }, fields: [{ name: 'answer', kind: 'choice', codes: 'help_answer', required: true }] },
  'issue-measure': { fields: [{ name: 'signature', kind: 'choice', codes: 'signature', required: true }] },
  'review-plan': { fields: [] },
  'record-supervision': { first: { form: 'internal' }, fields: [{ name: 'form', kind: 'choice', codes: 'supervision_form', required: true }] },
  'record-referral-reply': { fields: [{ name: 'reply', kind: 'choice', codes: 'referral_state', required: true, only: () => ['accepted', 'waiting_list', 'declined'] }, { name: 'reason', kind: 'choice', codes: 'decline_reason', when: (v) => v.reply === 'declined', required: true }] },
  'record-placement': { fields: [{ name: 'kind', kind: 'choice', codes: 'placement_kind', required: true }] },
  'follow-up-placement': { first: { there: true }, fields: [{ name: 'there', kind: 'answer', required: true }] },
  'decide-refusal': { now: true, fields: [{ name: 'confirmed', kind: 'answer', required: true }] },
  'resolve-test': { now: true, fields: [{ name: 'confirmed', kind: 'answer', required: true }] },
  'record-laboratory-result': { fields: [{ name: 'confirmed', kind: 'answer', required: true }] },
  'decide-volunteer': { now: true, fields: [{ name: 'accept', kind: 'answer', required: true }] },
  'confirm-lost-contact': { fields: [] },
  'dismiss-lost-contact': { fields: [] },
  'review-suspension': { fields: [] },
  'submit-release-file': { fields: [] },
  release: { fields: [] },
  'review-hold': { now: true, fields: [] },
  'confirm-term': { fields: [{ name: 'term_end', kind: 'day', required: true }] },
  'change-work-intent': { first: { employment_intent: true }, fields: [{ name: 'employment_intent', kind: 'answer', required: true }] },
  refer: { first: { agency: 'human_resources' }, fields: [{ name: 'agency', kind: 'choice', codes: 'agency', required: true }, { name: 'kind', kind: 'choice', codes: 'referral_kind', required: true, only: (v) => referralsTo[String(v.agency)] ?? [] }] },
  'give-help': { fields: [{ name: 'class', kind: 'choice', codes: 'help_class', required: true }, { name: 'kind', kind: 'choice', codes: 'help_kind', required: true }] },
  'join-working-group': {
    first: { members: [{ role: 'police_officer' }, { role: 'medical_worker' }, { role: 'family' }] },
    fields: [{ name: 'members', kind: 'rows', required: true, columns: [{ name: 'role', kind: 'choice', codes: 'group_role', required: true }, { name: 'member', kind: 'id', required: true }] }],
  },
  'waive-family-member': { fields: [] },
  'make-plan': {
    first: { goals: [{ stage: 'detoxification' }, { stage: 'recovery' }, { stage: 'return' }] },
    fields: [{ name: 'goals', kind: 'rows', required: true, columns: [{ name: 'stage', kind: 'choice', codes: 'stage', required: true }, { name: 'code', kind: 'choice', codes: 'goal_code', required: true }, { name: 'target', kind: 'day', required: true }] }],
  },
  'volunteer-opt-in': { fields: [] },
  'volunteer-opt-out': { fields: [] },
  'record-positive-event': { fields: [{ name: 'kind', kind: 'choice', codes: 'positive_kind', required: true }] },
  'confirm-amendment': { now: true, fields: [] },
  'decline-amendment': { now: true, fields: [] },
}

/** The fields that are asked for, given what is filled in. */
export function asked(command: string, v: Values): Field[] {
  return (forms[command]?.fields ?? []).filter((f) => !f.when || f.when(v))
}

/** What is sent: the fixed part, and of the fields those that are asked for and filled in. */
export function bodyOf(command: string, fixed: Values, v: Values): Values {
  const body: Values = { ...fixed }
  for (const f of asked(command, v)) {
    const value = v[f.name]
    if (value === undefined || value === '' || (f.kind === 'yes' && !value) || (Array.isArray(value) && value.length === 0)) continue
    body[f.name] = value
  }
  return body
}

const there = (f: Field, v: unknown): boolean => {
  if (f.kind === 'rows') return Array.isArray(v) && v.length > 0 && v.every((row: Values) => f.columns!.every((c) => !c.required || there(c, row[c.name])))
  return f.kind === 'staff' ? Array.isArray(v) && v.length > 0 : v !== undefined && v !== ''
}

/** Whether everything is there without which the command is not worth asking about. */
export function complete(command: string, v: Values): boolean {
  return asked(command, v).every((f) => !f.required || there(f, v[f.name]))
}

/** Whether a field that is asked for was left out. */
export const lacking = (f: Field, v: Values): boolean => Boolean(f.required) && !there(f, v[f.name])
