'use strict';

const byId = (id) => document.getElementById(id);
let fields = 1;

function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

async function ask(path, body) {
  const options = body && {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  };
  const response = await fetch(path, options);
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error);
  return answer;
}

function begin(health) {
  fields = health.fields;
  const names = health.labels.slice(0, 12).join(', ');
  const more = health.labels.length > 12 ? ` and ${health.labels.length - 12} more` : '';
  byId('model').textContent =
    `Model ${health.model.slice(0, 12)}, ${health.task === 'multi' ? 'any number of labels' : 'one label'} a text: ${names}${more}.`;
  for (let i = 0; i < fields; i++) {
    const label = element('label', fields === 1 ? 'Text' : `Text ${i + 1} of ${fields}`);
    const area = element('textarea');
    area.id = `field${i}`;
    label.htmlFor = area.id;
    byId('fields').append(label, area);
  }
}

/** The labels, the most probable first. */
function table(prediction) {
  const answered = new Set(prediction.labels || [prediction.label]);
  const made = element('table');
  const head = element('tr');
  const wide = element('th', 'Probability');
  wide.colSpan = 2;
  head.append(element('th', 'Label'), wide);
  made.append(head);
  const rows = Object.entries(prediction.probabilities).sort((a, b) => b[1] - a[1]).slice(0, 30);
  for (const [label, p] of rows) {
    const row = element('tr', undefined, answered.has(label) ? 'answer' : '');
    const bar = element('progress');
    bar.max = 1;
    bar.value = p;
    bar.setAttribute('aria-label', `probability of ${label}`);
    const cell = element('td', undefined, 'bar');
    cell.append(bar);
    row.append(element('td', label), element('td', p.toFixed(3), 'number'), cell);
    made.append(row);
  }
  return made;
}

/** A text with its words marked. */
function marked(text, words, strongest) {
  const made = element('p', undefined, 'text');
  let at = 0;
  for (const word of words) {
    const level = Math.min(3, Math.floor((4 * Math.abs(word.weight)) / strongest));
    if (level === 0 || word.start < at) continue;
    made.append(text.slice(at, word.start));
    const mark = element('mark', text.slice(word.start, word.end), `${word.weight > 0 ? 'for' : 'against'} w${level}`);
    mark.title = `${word.weight > 0 ? '+' : ''}${word.weight.toFixed(2)}`;
    made.append(mark);
    at = word.end;
  }
  made.append(text.slice(at));
  return made;
}

function explained(texts, explanation) {
  const made = element('div');
  made.append(element('h2', `What speaks for ${explanation.label}`));
  const strongest = Math.max(1e-9, ...explanation.words.map((word) => Math.abs(word.weight)));
  texts.forEach((text, field) => {
    const words = explanation.words.filter((word) => (word.field || 0) === field);
    made.append(marked(text, words, strongest));
  });
  made.append(
    element(
      'p',
      'With a line below: for it; dotted: against it; the stronger, the darker.' +
        ' A weight is what the word adds to the log-odds.',
      'how',
    ),
  );
  return made;
}

async function classify(event) {
  event.preventDefault();
  const texts = Array.from({ length: fields }, (_, i) => byId(`field${i}`).value);
  const text = fields === 1 ? texts[0] : texts;
  const result = byId('result');
  result.replaceChildren(element('p', 'Asked …'));
  try {
    const prediction = await ask('predict', { text });
    const answer = prediction.labels ? prediction.labels.join(', ') || 'none' : prediction.label;
    result.replaceChildren(element('h2', `Answer: ${answer}`), table(prediction));
    if (byId('explain').checked) {
      const why = await ask('explain', { text });
      why.explanations.forEach((explanation) => result.append(explained(texts, explanation)));
    }
  } catch (e) {
    result.append(element('p', e.message, 'error'));
  }
}

byId('form').addEventListener('submit', classify);
ask('healthz').then(begin, (e) => {
  byId('model').textContent = e.message;
});
