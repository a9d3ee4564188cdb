/**
 * Fills `{name}` places with values. A place without a value stays as it is, so braces in code and JSON survive;
 * a value is never looked at for further places.
 */
export function renderTemplate(template: string, values: Readonly<Record<string, string | number>>): string {
  if (!template.includes("{")) return template;
  return template.replace(/\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (place, name: string) =>
    Object.hasOwn(values, name) ? String(values[name]) : place,
  );
}
