/** The only importer of tfjs at run time: its default entry registers every gradient and the pure-JavaScript backend, in plain Node too. */
import tfjs from '@tensorflow/tfjs';

// tfjs greets Node users with an advertisement for its native binding on first use; production mode keeps it quiet.
tfjs.env().set('PROD', true);

/**
 * Functions that draw from the host's random numbers. Inside a program they would freeze one draw into the graph for ever:
 * use `dropout` and `noise.keep` instead. They are hidden from the type, so that using one does not compile.
 */
type HostRandom = 'dropout' | 'multinomial' | 'rand' | 'randomGamma' | 'randomNormal' | 'randomStandardNormal' | 'randomUniform' | 'randomUniformInt' | 'truncatedNormal';

export const tf: Omit<typeof tfjs, HostRandom> = tfjs;
