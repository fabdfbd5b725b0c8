// The program, with a clock that is set to and fro.
import './clock-shift.ts';
import '../../src/main.ts';
