// Turns the left and right of vendored style sheets into start and end, so that one style sheet serves
// both writing directions. (Ours are written with start and end from the outset; a test holds that.)

const renamed = {
  left: "inset-inline-start",
  right: "inset-inline-end",
  "border-top-left-radius": "border-start-start-radius",
  "border-top-right-radius": "border-start-end-radius",
  "border-bottom-left-radius": "border-end-start-radius",
  "border-bottom-right-radius": "border-end-end-radius",
};
for (const [side, flow] of [["left", "start"], ["right", "end"]]) {
  for (const property of ["margin", "padding", "scroll-margin", "scroll-padding"]) {
    renamed[`${property}-${side}`] = `${property}-inline-${flow}`;
  }
  for (const part of ["", "-width", "-style", "-color"]) {
    renamed[`border-${side}${part}`] = `border-inline-${flow}${part}`;
  }
}

const sides = { left: "start", right: "end" };
const floats = { left: "inline-start", right: "inline-end" };
const revalued = { "text-align": sides, float: floats, clear: floats };

/** The four values of a shorthand, or null where they cannot be told apart by spaces alone. */
function fourValues(value) {
  const parts = value.match(/(?:[^\s()]+|\((?:[^()]|\([^()]*\))*\))+/g) ?? [];
  return parts.length === 4 && parts[1] !== parts[3] ? parts : null;
}

/** `margin: 1px 2px 3px 4px` sets left and right apart: write them as block and inline pairs. */
function splitShorthand(declaration) {
  const [top, end, bottom, start] = fourValues(declaration.value) ?? [];
  if (top === undefined) return;
  declaration.cloneBefore({ prop: `${declaration.prop}-block`, value: `${top} ${bottom}` });
  declaration.cloneBefore({ prop: `${declaration.prop}-inline`, value: `${start} ${end}` });
  declaration.remove();
}

export const logical = () => ({
  postcssPlugin: "logical",
  Declaration(declaration) {
    if (declaration.prop in renamed) declaration.prop = renamed[declaration.prop];
    const values = revalued[declaration.prop];
    if (values && declaration.value in values) declaration.value = values[declaration.value];
    if (declaration.prop === "margin" || declaration.prop === "padding") splitShorthand(declaration);
  },
});
logical.postcss = true;
