/** What CodiEsp's annotation X calls each kind of codes. */
export const codiespLabels = { dx: 'DIAGNOSTICO', px: 'PROCEDIMIENTO' } as const;
