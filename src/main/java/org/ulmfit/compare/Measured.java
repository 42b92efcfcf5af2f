package org.ulmfit.compare;

/**
 * What a trained model is and answers, as it is kept from one start of a comparison to the next.
 *
 * @param modelBytes size of the model's folder
 * @param valid to the validation rows
 * @param measured to the rows it is measured on
 */
record Measured(long modelBytes, Answers valid, Answers measured) {}
