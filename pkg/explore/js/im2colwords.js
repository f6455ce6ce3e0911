/** What the figure of im2col says of what is pointed at, in English and Korean. */

/**
 * Of a window and one of its values.
 * @param {{ oh: number, ow: number, c: number, y: number, x: number }} at
 * @param {number} number of the row
 * @param {number} element of the column
 * @param {string} value
 * @param {boolean} many channels
 * @param {boolean} back is it col2im?
 * @returns {[string, string]}
 */
export const windowWords = (at, number, element, value, many, back) => [
  `Window (${at.oh}, ${at.ow}) is row ${number}${back ? ": its values go back to these pixels" : ""}. Column ${element} is its value at (${at.y}, ${at.x})${many ? ` of channel ${at.c}` : ""}: ${value}.`,
  `윈도 (${at.oh}, ${at.ow})이 ${number}번 행입니다.${back ? " 이 행의 값이 이 픽셀들로 돌아갑니다." : ""} ${element}번 열은 그 안의 (${at.y}, ${at.x}) 자리${many ? `(채널 ${at.c})` : ""}의 값 ${value}입니다.`,
];

/**
 * Of a pixel and the rows of all windows that it lies in; it is null for a zero of the padding.
 * @param {[number, number] | null} pixel
 * @param {number[]} rows
 * @param {boolean} back is it col2im?
 * @returns {[string, string]}
 */
export function pixelWords(pixel, rows, back) {
  const list = rows.join(", ");
  const english =
    rows.length === 0 ? "in no window." : rows.length === 1 ? `in one window: row ${list}.` : `in ${rows.length} windows: rows ${list}.`;
  const korean = rows.length === 0 ? "어느 윈도에도 들어가지 않습니다." : `윈도 ${rows.length}개에 들어갑니다: ${list}번 행.`;
  if (pixel) return [`Pixel (${pixel[0]}, ${pixel[1]}) lies ${english}`, `픽셀 (${pixel[0]}, ${pixel[1]})은 ${korean}`];
  return [
    `A zero of the padding. It lies ${english}${back ? " col2im drops what comes back here." : ""}`,
    `패딩의 0입니다. ${korean}${back ? " col2im은 여기로 돌아오는 값을 버립니다." : ""}`,
  ];
}
