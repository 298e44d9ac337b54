/** Settings: their files, the environment with its other names, secrets of files and vaults, and what counts in the end. */
package io.caravan.settings;
