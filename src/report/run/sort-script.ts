/**
 * The one script of the page: makes label tables sortable and searchable, and shows their first rows only until asked for all. The page allows it by its hash,
 * and nothing else. Written for browsers, in plain JavaScript, since it is shipped as text.
 */

/** Rows that are shown at first. */
export const SHOWN_ROWS = 200;

export const sortScript = `
for (const table of document.querySelectorAll('[data-sortable]')) {
  const body = table.querySelector('tbody');
  const heads = [...table.querySelectorAll('thead th')];
  const rows = [...body.rows].map((row) => ({
    row,
    cells: [...row.cells].map(({ textContent, className }) => (className === 'number' ? Number.parseFloat(textContent.replaceAll(',', '')) : textContent)),
    text: (row.cells[0].textContent + ' ' + row.cells[1].textContent).toLowerCase(),
  }));
  const search = table.querySelector('input');
  const all = table.querySelector('.all');
  const shown = table.querySelector('.shown');
  let everything = rows.length <= ${SHOWN_ROWS};

  function show() {
    const words = search.value.toLowerCase().split(/\\s+/).filter(Boolean);
    let found = 0;
    for (const { row, text } of rows) {
      const hit = words.every((word) => text.includes(word));
      found += hit ? 1 : 0;
      row.hidden = !hit || (!everything && found > ${SHOWN_ROWS});
    }
    const visible = everything ? found : Math.min(found, ${SHOWN_ROWS});
    shown.textContent = visible.toLocaleString('en-US') + ' of ' + rows.length.toLocaleString('en-US') + ' labels';
    all.hidden = everything || found <= ${SHOWN_ROWS};
  }

  // What is not measured comes last, whichever way the others are sorted.
  const missing = (value) => typeof value === 'number' && Number.isNaN(value);
  const compare = (a, b) => (typeof a === 'number' ? a - b : a.localeCompare(b, 'en', { numeric: true }));

  function sort(column, direction) {
    rows.sort(({ cells: a }, { cells: b }) => missing(a[column]) - missing(b[column]) || (missing(a[column]) ? 0 : direction * compare(a[column], b[column])));
    body.append(...rows.map(({ row }) => row));
    heads.forEach((head, i) => {
      if (i === column) head.setAttribute('aria-sort', direction > 0 ? 'ascending' : 'descending');
      else head.removeAttribute('aria-sort');
    });
    show();
  }

  heads.forEach((head, column) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener('click', () => {
      const first = head.className === 'number' ? -1 : 1;
      const now = head.getAttribute('aria-sort');
      sort(column, now === null ? first : now === 'ascending' ? -1 : 1);
    });
  });
  search.addEventListener('input', show);
  all.addEventListener('click', () => { everything = true; show(); search.focus(); });
  table.querySelector('.tools').hidden = false;
  show();
}
`;
