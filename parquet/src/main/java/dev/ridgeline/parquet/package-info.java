/**
 * Rows of Parquet files. DuckDB, which reads them, is a library of 70 MB that unpacks itself when
 * it is first loaded: it is loaded when the first file is opened, never before. Read {@link
 * dev.ridgeline.parquet.ParquetRows}.
 */
@NullMarked
package dev.ridgeline.parquet;

import org.jspecify.annotations.NullMarked;
