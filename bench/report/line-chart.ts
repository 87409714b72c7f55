/** Line charts as SVG: axes with ticks and units, points, a legend at the right. */

import { linearScale, logScale, type Scale } from './scale';

export interface Series {
  readonly name: string;
  /** In the order of x. */
  readonly points: readonly Point[];
  /** Drawn with a broken line, such as p99 beside p50. */
  readonly isDashed?: boolean;
  /** Series of the same group have the same colour; its own by default. */
  readonly group?: string;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Axis {
  /** With its unit. */
  readonly label: string;
  readonly scale: 'linear' | 'log';
}

export interface Chart {
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly Series[];
}

/** In pixels. */
const area = { left: 84, top: 48, width: 560, height: 340 };
const legendWidth = 230;
const size = { width: area.left + area.width + 24 + legendWidth, height: area.top + area.height + 64 };
/** Okabe and Ito's colours, which are told apart by everybody; yellow is too light for a line. */
const colours = ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#E69F00', '#56B4E9', '#000000', '#7F7F7F'];

export function lineChart({ title, x, y, series }: Chart): string {
  const points = series.flatMap((each) => each.points);
  const xScale = scaleOf(
    x,
    points.map((point) => point.x),
  );
  const yScale = scaleOf(
    y,
    points.map((point) => point.y),
  );
  const groups = [...new Set(series.map(groupOf))];
  const colourOf = (each: Series): string => colours[groups.indexOf(groupOf(each)) % colours.length] ?? '#000000';
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" width="${size.width}" height="${size.height}" font-family="Helvetica, Arial, sans-serif" font-size="12" fill="#222222">`,
    `<title>${escaped(title)}</title>`,
    '<rect width="100%" height="100%" fill="#ffffff"/>',
    `<text x="${area.left}" y="26" font-size="16" font-weight="bold">${escaped(title)}</text>`,
    ...xScale.ticks.map((tick) => xTick(tick, xScale)),
    ...yScale.ticks.map((tick) => yTick(tick, yScale)),
    `<path d="M${area.left} ${area.top}v${area.height}h${area.width}" fill="none" stroke="#222222"/>`,
    `<text x="${area.left + area.width / 2}" y="${size.height - 16}" text-anchor="middle">${escaped(x.label)}</text>`,
    `<text transform="translate(18 ${area.top + area.height / 2}) rotate(-90)" text-anchor="middle">${escaped(y.label)}</text>`,
    ...series.map((each) => line(each, colourOf(each), xScale, yScale)),
    ...series.map((each, i) => legend(each, colourOf(each), i)),
    '</svg>',
    '',
  ].join('\n');
}

function groupOf({ group, name }: Series): string {
  return group ?? name;
}

function scaleOf(axis: Axis, values: readonly number[]): Scale {
  return axis.scale === 'log' ? logScale(values) : linearScale(values);
}

function xTick(value: number, scale: Scale): string {
  const at = xOf(value, scale);
  const bottom = area.top + area.height;
  return (
    `<path d="M${at} ${area.top}V${bottom}" stroke="#e5e5e5"/><path d="M${at} ${bottom}v5" stroke="#222222"/>` +
    `<text x="${at}" y="${bottom + 20}" text-anchor="middle">${tickText(value)}</text>`
  );
}

function yTick(value: number, scale: Scale): string {
  const at = yOf(value, scale);
  return (
    `<path d="M${area.left} ${at}h${area.width}" stroke="#e5e5e5"/><path d="M${area.left} ${at}h-5" stroke="#222222"/>` +
    `<text x="${area.left - 9}" y="${at + 4}" text-anchor="end">${tickText(value)}</text>`
  );
}

function line({ points, isDashed }: Series, colour: string, xScale: Scale, yScale: Scale): string {
  const places = points.map(({ x, y }) => `${xOf(x, xScale)},${yOf(y, yScale)}`);
  const dash = isDashed ? ' stroke-dasharray="6 4"' : '';
  const dots = places
    .map((place) => place.split(','))
    .map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="3" fill="${colour}"/>`);
  return `<polyline points="${places.join(' ')}" fill="none" stroke="${colour}" stroke-width="2"${dash}/>${dots.join('')}`;
}

function legend({ name, isDashed }: Series, colour: string, index: number): string {
  const x = area.left + area.width + 24;
  const y = area.top + 10 + index * 20;
  const dash = isDashed ? ' stroke-dasharray="6 4"' : '';
  return `<path d="M${x} ${y}h26" stroke="${colour}" stroke-width="2"${dash}/><text x="${x + 34}" y="${y + 4}">${escaped(name)}</text>`;
}

function xOf(value: number, scale: Scale): string {
  return (area.left + scale.place(value) * area.width).toFixed(1);
}

function yOf(value: number, scale: Scale): number {
  return Number((area.top + (1 - scale.place(value)) * area.height).toFixed(1));
}

/** 0.5, 200, 1 k, 1.5 M. */
function tickText(value: number): string {
  const number = (each: number): string => String(Number(each.toPrecision(6)));
  if (Math.abs(value) >= 1e6) return `${number(value / 1e6)} M`;
  return Math.abs(value) >= 1_000 ? `${number(value / 1e3)} k` : number(value);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
