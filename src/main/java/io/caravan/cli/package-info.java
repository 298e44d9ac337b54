/** The command line: what a person or a script asks Caravan to do, and how the answer looks. */
package io.caravan.cli;
