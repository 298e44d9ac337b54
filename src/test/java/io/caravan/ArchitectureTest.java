package io.caravan;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Who may know whom: data flows trigger -> source -> steps -> sink -> ledger, and knowledge never flows back. */
@AnalyzeClasses(packages = "io.caravan", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule featuresHaveNoCycles =
            slices().matching("io.caravan.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule theCoreNeedsNoCamel = noClasses()
            .that()
            .resideInAnyPackage("..record..", "..source..", "..change..", "..ledger..", "..format..", "..book..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.camel..");

    /** What a book is can be tested without a database, an API or a run. */
    @ArchTest
    static final ArchRule booksKnowOnlyErrorsAndRecords = noClasses()
            .that()
            .resideInAPackage("io.caravan.book..")
            .should()
            .dependOnClassesThat(resideInAPackage("io.caravan..")
                    .and(not(resideInAnyPackage("io.caravan.book..", "io.caravan.error..", "io.caravan.record.."))));

    @ArchTest
    static final ArchRule recordsKnowNothingOfTheRest = classes()
            .that()
            .resideInAnyPackage("..record..", "..error..")
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(
                    "io.caravan.record..", "io.caravan.error..", "java..", "com.fasterxml.jackson..", "org.slf4j.."));

    /** How endpoints are called is no connector's. */
    @ArchTest
    static final ArchRule endpointsKnowOnlyErrors = noClasses()
            .that()
            .resideInAPackage("..endpoint..")
            .should()
            .dependOnClassesThat(resideInAPackage("io.caravan..")
                    .and(not(resideInAnyPackage("io.caravan.endpoint..", "io.caravan.error.."))));

    @ArchTest
    static final ArchRule sinksKnowNeitherRunNorLedgerNorEachOther = noClasses()
            .that()
            .resideInAnyPackage(
                    "..document..",
                    "..warehouse..",
                    "..graph..",
                    "..vector..",
                    "..object..",
                    "..image..",
                    "..version..",
                    "..dataset..",
                    "..observation..",
                    "..http..",
                    "..sheets..",
                    "..notify..",
                    "..message..",
                    "..bigquery..",
                    "..dynamodb..",
                    "..jdbc..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("..run..", "..ledger..", "..change..", "..cli..", "..query..");

    /** A store that is read too has both in one package: they share how to connect. */
    @ArchTest
    static final ArchRule onlyDocumentsAreReadAndWritten = noClasses()
            .that()
            .resideInAnyPackage("..warehouse..", "..graph..", "..vector..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("..source..");

    @ArchTest
    static final ArchRule warehouseIsAlone = noClasses()
            .that()
            .resideInAPackage("..warehouse..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("..document..", "..graph..", "..vector..", "..embedding..");

    @ArchTest
    static final ArchRule graphIsAlone = noClasses()
            .that()
            .resideInAPackage("..graph..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("..document..", "..warehouse..", "..vector..", "..embedding..");

    @ArchTest
    static final ArchRule sourcesKnowNeitherRunNorSinks = noClasses()
            .that()
            .resideInAnyPackage("..source..", "..object..", "..format..", "..jdbc..", "..message..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("..run..", "..ledger..", "..change..", "..cli..");

    /** Objects are also written: {@code ..object..} has a sink. */
    @ArchTest
    static final ArchRule sourcesKnowNoDelivery = noClasses()
            .that()
            .resideInAnyPackage("..source..", "..format..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("..delivery..");

    @ArchTest
    static final ArchRule runsKnowNoConnector = noClasses()
            .that()
            .resideInAnyPackage("..run..", "..change..", "..delivery..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "..object..",
                    "..image..",
                    "..format..",
                    "..document..",
                    "..warehouse..",
                    "..graph..",
                    "..vector..",
                    "..http..",
                    "..jdbc..",
                    "..sheets..",
                    "..notify..",
                    "..message..",
                    "..bigquery..",
                    "..dynamodb..",
                    "..query..",
                    "..manage..",
                    "..local..",
                    "..cli..");

    /** It looks documents up through the one door that steps have. */
    @ArchTest
    static final ArchRule shapesKnowNoStore = noClasses()
            .that()
            .resideInAPackage("io.caravan.shape..")
            .should()
            .dependOnClassesThat(resideInAPackage("io.caravan..")
                    .and(not(resideInAnyPackage(
                            "io.caravan.shape..",
                            "io.caravan.error..",
                            "io.caravan.record..",
                            "io.caravan.step..",
                            "io.caravan.validate.."))));

    @ArchTest
    static final ArchRule nobodyKnowsTheCommandLine = noClasses()
            .that()
            .resideOutsideOfPackage("..cli..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("..cli..");

    /** Who holds keys knows neither stores nor runs. */
    @ArchTest
    static final ArchRule encryptionKnowsOnlyStepsAndRecords = noClasses()
            .that()
            .resideInAPackage("io.caravan.encryption..")
            .should()
            .dependOnClassesThat(resideInAPackage("io.caravan..")
                    .and(not(resideInAnyPackage(
                            "io.caravan.encryption..",
                            "io.caravan.step..",
                            "io.caravan.error..",
                            "io.caravan.record.."))));

    @ArchTest
    static final ArchRule settingsKnowOnlyHowTheyFail = classes()
            .that()
            .resideInAPackage("..settings..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "..settings..",
                    "io.caravan.error..",
                    "java..",
                    "org.apache.camel..",
                    "com.fasterxml.jackson..",
                    "org.slf4j..");
}
