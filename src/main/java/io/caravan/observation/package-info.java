/** What a series said at a time: parsers that find observations in workbooks and tables, and the rules for their times and numbers. */
package io.caravan.observation;
