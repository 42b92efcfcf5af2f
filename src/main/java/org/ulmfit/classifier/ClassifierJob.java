package org.ulmfit.classifier;

import java.nio.file.Path;
import org.ulmfit.config.Recipe;
import org.ulmfit.corpus.CorpusOptions;

/**
 * What {@code classify} is asked to do.
 *
 * @param corpus raw labelled corpus or prepared folder
 * @param encoder model folder or run with the encoder (or language model) to start from
 * @param out run folder; null only where nothing but the plan is asked for
 * @param limit documents of each split at most; 0 = all
 * @param device {@code auto | cpu | cuda:N}
 */
public record ClassifierJob(
    Path corpus,
    CorpusOptions options,
    Path encoder,
    Path out,
    int limit,
    Recipe recipe,
    String device,
    boolean resume,
    boolean overwrite) {}
