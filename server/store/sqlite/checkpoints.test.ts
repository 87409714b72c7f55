import { Checkpoints } from './checkpoints';
import { storeBounds } from './limits';

const half = storeBounds.checkpointBytes / 2;

test('a checkpoint is begun when the log has grown enough, and the next one not before it has ended', () => {
  let begun = 0;
  const checkpoints = new Checkpoints(() => {
    begun += 1;
    return true;
  });
  checkpoints.committed(1, half);
  expect(begun).toBe(0);
  checkpoints.committed(1, half);
  expect(begun).toBe(1);
  checkpoints.committed(1, 2 * half);
  expect(begun).toBe(1);
  checkpoints.ended();
  expect(begun).toBe(2);
  checkpoints.ended();
  expect(begun).toBe(2);
});

test('while there is no thread it is tried again at each commit', () => {
  let tried = 0;
  const checkpoints = new Checkpoints(() => {
    tried += 1;
    return tried === 3;
  });
  checkpoints.committed(0, 2 * half);
  checkpoints.committed(0, 0);
  checkpoints.committed(0, 0);
  checkpoints.committed(0, 0);
  expect(tried).toBe(3);
});
