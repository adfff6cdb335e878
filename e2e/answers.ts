// What the invented client of the journeys says: the answers of a usual first hour, some questions left out.

/** A question as the page words it, and what is chosen or written. Several words: several boxes are ticked. */
export type Answer = readonly [question: string, answer: string | readonly string[]]

/** The three instruments that ship, each with its answers, in the order in which an adviser asks them. */
export const answersByInstrument: ReadonlyMap<string, readonly Answer[]> = new Map<string, readonly Answer[]>([
  [
    'First conversation',
    [
      ['What brings you here today?', 'My job ended in spring. I would like to find something new.'],
      ['What would help you most right now?', ['Finding a job', 'Learning the language better']],
      ['Which town, or part of town, do you live in?', 'Alderbrook'],
      ['Do you look after a child', 'Yes'],
      ['How many children do you look after?', '1'],
      ['Would you need help with childcare', 'No'],
      ['How do you get around?', ['I walk', 'By bus or train']],
      ['Do you have a phone that we can call?', 'Yes, my own'],
      ['Would you like an interpreter?', 'Yes, for important talks'],
      ['Which language should the interpreter speak?', 'Arabic'],
      ['Are you allowed to work in this country?', 'Yes'],
      ['Which of these papers do you have?', ['A passport or identity card', 'A work permit']],
      ['Does your health make some kinds of work hard for you?', 'No'],
    ],
  ],
  [
    'Skills and work',
    [
      ['Have you ever had a job?', 'Yes'],
      ['Do you have a job now?', 'No'],
      ['About how many months have you been without work?', '7'],
      ['about how many months did you work?', '24'],
      ['how many times were you out of work', '1'],
      ['Which jobs have you done?', 'Six years in a bakery, the last two in charge of the morning shift.'],
      ['What kind of work have you done most?', 'Kitchen, hotel or cleaning'],
      ['How far did you go in school or training?', 'I finished secondary school, about 12 years'],
      ['How well do you speak the main language here?', 'Simple talk about everyday things'],
      ['How well can you read and write it?', 'A little'],
      ['What can you do with a computer or a smartphone?', 'I can find things online and send e-mail'],
      ['Do you have a driving licence?', 'No'],
    ],
  ],
  [
    'What matters to you',
    [
      ['What would you like?', ['A better job than before', 'To learn something new first']],
      ['If all goes well, what are you doing a year from now?', 'I work in a bakery again, with better hours.'],
      ['How many minutes would you travel', '45'],
      ['When can you work or learn?', ['Mornings', 'Afternoons']],
      ['What have you tried so far?', ['Asking friends and family']],
    ],
  ],
])
