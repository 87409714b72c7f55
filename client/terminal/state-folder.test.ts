import { stateFolder } from './state-folder';

test('what must outlive the client is kept where XDG says, else in the home folder', () => {
  expect(stateFolder({ XDG_STATE_HOME: '/var/state' }, '/home/alice')).toBe('/var/state/chateau');
  expect(stateFolder({}, '/home/alice')).toBe('/home/alice/.local/state/chateau');
  expect(stateFolder({ XDG_STATE_HOME: '' }, '/home/alice')).toBe('/home/alice/.local/state/chateau');
  expect(stateFolder({ XDG_STATE_HOME: 'relative' }, '/home/alice')).toBe('/home/alice/.local/state/chateau');
});
