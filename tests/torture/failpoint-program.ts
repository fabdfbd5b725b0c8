// The program, after a trap was set in it.
import './failpoint-trap.ts';
import '../../src/main.ts';
