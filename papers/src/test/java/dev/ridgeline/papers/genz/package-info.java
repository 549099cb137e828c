/**
 * GenZ (Bambhaniya et al., arXiv 2406.01698) as a peer: its equations in our words, held against
 * figures it printed, and the difference from Ridgeline's own figures split into named causes.
 *
 * <p>{@code GenzOracle} writes a step as operators by GenZ's conventions, faults included; {@code
 * Rates} prices them; {@code Attribution} switches one convention at a time to those of {@code
 * docs/model-of-computation.md} until what remains is Ridgeline's ideal figure. GenZ's figures are
 * not part of the project: tests that need them are skipped where they are absent. Read {@code
 * GenzOracle} first, then {@code Cause}.
 *
 * <p>{@code RequirementEquations} does the same for the authors' table of what platforms must
 * offer, from Ridgeline's figure to theirs. {@code VersusPage} and {@code RequirementsPage} write
 * {@code docs/versus-genz.md} and {@code docs/versus-genz-requirements.md}.
 */
@NullMarked
package dev.ridgeline.papers.genz;

import org.jspecify.annotations.NullMarked;
