// The program, for which one event is poison.
import './poison-pill.ts';
import '../../src/main.ts';
